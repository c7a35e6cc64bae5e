import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { Hop } from "../../src/net/hop.ts";
import { parseTarget } from "../../src/net/target.ts";
import { openTimeLimit } from "../../src/net/time-limit.ts";
import { errorOf } from "../support/app-error.ts";

const never = new Promise<never>(() => {});

function hopWith(signal: AbortSignal): Hop {
  const policy = {
    subject: "the source",
    failedCode: "source_unfetchable",
    tooLargeCode: "source_too_large",
    tooLargeMessage: "too large",
    redirects: "follow",
    decompress: true,
    timeoutMs: 20,
    sizeBytesMax: 1,
  } as const;
  const url = "http://a.test/";
  const request = { url, method: "GET", headers: {}, allowedOrigins: [], signal } as const;
  return { policy, request, target: parseTarget(url, { ...policy, allowedOrigins: [] }) };
}

describe("the time limit of a request", () => {
  const signal = new AbortController().signal;

  test("lets through what is in time, and the program's own errors", async () => {
    const limit = openTimeLimit(hopWith(signal), 5000);
    expect(await limit.race(Promise.resolve(7))).toBe(7);
    const own = new AppError("source_too_large", "too large");
    await expect(limit.race(Promise.reject(own))).rejects.toBe(own);
    limit.close();
  });

  test("explains what fails underneath without its words", async () => {
    const limit = openTimeLimit(hopWith(signal), 5000);
    const cause = new Error("ECONNRESET 10.0.0.1");
    const error = await errorOf(limit.race(Promise.reject(cause)));
    expect(error).toMatchObject({ code: "source_unfetchable", retry: true, cause });
    expect(error.message).not.toContain("10.0.0.1");
    limit.close();
  });

  test("ends what takes longer, and says what the whole limit was", async () => {
    const limit = openTimeLimit(hopWith(signal), 5);
    const error = await errorOf(limit.race(never));
    expect(error.message).toBe("the source did not arrive within 0.02 seconds");
    expect(error.retry).toBe(true);
    expect(limit.signal.aborted).toBe(true);
    limit.close();
  });

  test("ends with the caller's reason when the caller gives up", async () => {
    const controller = new AbortController();
    const limit = openTimeLimit(hopWith(controller.signal), 5000);
    const work = limit.race(never);
    controller.abort(new Error("no longer wanted"));
    await expect(work).rejects.toThrow("no longer wanted");
    limit.close();
  });

  test("ends what still listens when it is closed", () => {
    const limit = openTimeLimit(hopWith(signal), 5000);
    expect(limit.signal.aborted).toBe(false);
    limit.close();
    expect(limit.signal.aborted).toBe(true);
  });
});
