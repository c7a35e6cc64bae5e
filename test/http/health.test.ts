import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { openTestServer } from "./test-server.ts";

const json = (body: Buffer): unknown => JSON.parse(body.toString());

test("/healthz answers whatever else is broken", async () => {
  const server = await openTestServer({
    checks: [{ name: "database", check: () => Promise.reject(new Error("down")) }],
  });
  const answer = await server.get("/healthz");
  expect([answer.status, json(answer.body)]).toEqual([200, { status: "ok" }]);
  expect((await server.send({ method: "HEAD", path: "/healthz" })).status).toBe(200);
});

describe("/readyz", () => {
  test("says which check failed, and nothing of why", async () => {
    let isUp = false;
    const clock = createManualClock();
    const server = await openTestServer({
      clock,
      checks: [
        { name: "database", check: async () => {} },
        {
          name: "storage",
          check: async () => {
            if (!isUp) throw new AppError("unavailable", "secret path");
          },
        },
      ],
    });
    const failed = await server.get("/readyz");
    expect([failed.status, json(failed.body)]).toEqual([
      503,
      { status: "unavailable", checks: { database: "ok", storage: "failed" } },
    ]);
    isUp = true;
    clock.advance(1000);
    const ready = await server.get("/readyz");
    expect([ready.status, json(ready.body)]).toEqual([
      200,
      { status: "ready", checks: { database: "ok", storage: "ok" } },
    ]);
  });

  test("looks once a second, however often it is asked", async () => {
    let looks = 0;
    const clock = createManualClock();
    const check = async () => void looks++;
    const server = await openTestServer({ clock, checks: [{ name: "database", check }] });
    await Promise.all(Array.from({ length: 20 }, () => server.get("/readyz")));
    expect(looks).toBe(1);
    clock.advance(1000);
    await server.get("/readyz");
    expect(looks).toBe(2);
  });

  test("does not wait for a check that hangs", async () => {
    const clock = createManualClock();
    const begun = Promise.withResolvers<void>();
    const check = () => {
      begun.resolve();
      return new Promise<void>(() => {});
    };
    const server = await openTestServer({ clock, checks: [{ name: "storage", check }] });
    const asked = server.get("/readyz");
    await begun.promise;
    clock.advance(2000);
    const answer = await asked;
    expect([answer.status, json(answer.body)]).toEqual([
      503,
      { status: "unavailable", checks: { storage: "failed" } },
    ]);
  });
});
