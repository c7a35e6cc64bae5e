import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../support/run-program.ts";

const folder = mkdtempSync(join(tmpdir(), "health-"));
const socket = join(folder, "server.sock");
const notReady = JSON.stringify({ ready: false, failing: ["storage"] });
let server: Bun.Server<undefined>;
let failing: Bun.Server<undefined>;
let onSocket: Bun.Server<undefined>;

beforeAll(() => {
  const ready = (request: Request) =>
    new URL(request.url).pathname === "/readyz"
      ? Response.json({ ready: true })
      : new Response(null, { status: 404 });
  server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: ready });
  onSocket = Bun.serve({ unix: socket, fetch: ready });
  failing = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () => new Response(notReady, { status: 503 }),
  });
});

afterAll(async () => {
  await Promise.all([server.stop(true), failing.stop(true), onSocket.stop(true)]);
  rmSync(folder, { recursive: true });
});

describe("motioness health", () => {
  test("ends with 0 when the server is ready", async () => {
    const result = await run(["health", "--url", `http://127.0.0.1:${server.port}`]);
    expect(result).toEqual({ code: 0, stdout: "ready\n", stderr: "" });
  });

  test("asks the server that the settings name, also on a socket", async () => {
    for (const listen of [`127.0.0.1:${server.port}`, `0.0.0.0:${server.port}`, `unix:${socket}`]) {
      expect((await run(["health"], { env: { MOTIONESS_LISTEN: listen } })).code).toBe(0);
    }
  });

  test("ends with 3 when it is not, and says what fails", async () => {
    const url = `http://127.0.0.1:${failing.port}`;
    const result = await run(["health", "--url", url]);
    expect([result.code, result.stdout]).toEqual([3, `not ready (503): ${notReady}\n`]);
    expect((await run(["health", "--url", url, "--json"])).stdout).toBe(`${notReady}\n`);
  });

  test("ends with 3 when nobody answers", async () => {
    const nobody = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
    const url = `http://127.0.0.1:${nobody.port}`;
    await nobody.stop(true);
    const result = await run(["health", "--url", url]);
    expect(result.code).toBe(3);
    expect(result.stdout).toStartWith(`no answer from ${url}/readyz: `);
    expect(JSON.parse((await run(["health", "--url", url, "--json"])).stdout).ready).toBe(false);
  });

  test("ends with 3 when the answer takes too long", async () => {
    const silent = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => new Promise(() => {}),
    });
    const url = `http://127.0.0.1:${silent.port}`;
    expect((await run(["health", "--url", url, "--timeout-ms", "50"])).code).toBe(3);
    await silent.stop(true);
  });

  test("cannot guess a port that was picked at start", async () => {
    const result = await run(["health"], { env: { MOTIONESS_LISTEN: "127.0.0.1:0" } });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("give --url");
  });
});
