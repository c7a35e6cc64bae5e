import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { stopWhenAsked } from "../../src/threads/stop-when-asked.ts";
import { errorOf } from "../support/app-error.ts";
import { createManualClock } from "../support/manual-clock.ts";

/** Work on a thread that only the test ends: 1000 ms at most, and 300 ms to stop. */
function begin(signal: AbortSignal) {
  const clock = createManualClock();
  const told: string[] = [];
  const work = Promise.withResolvers<string>();
  const thread = {
    cancel: () => {
      told.push("cancel");
    },
    kill: async () => {
      told.push("kill");
      work.reject(new AppError("i2v_failed", "the thread ended"));
    },
  };
  const options = {
    signal,
    cancelled: (cause: unknown) => new AppError("cancelled", "it was cancelled", { cause }),
    timeout: { afterMs: 1_000, error: () => new AppError("i2v_timeout", "it took too long") },
    graceMs: 300,
  };
  const ending = stopWhenAsked(clock, thread, options, () => work.promise);
  return { clock, told, work, ending };
}

describe("work that can be stopped", () => {
  test("is left alone while nobody asks, and leaves no timer", async () => {
    const { clock, told, work, ending } = begin(new AbortController().signal);
    clock.advance(999);
    work.resolve("done");
    expect(await ending).toBe("done");
    expect(clock.pending).toBe(0);
    expect(told).toEqual([]);
  });

  test("fails with what it throws while nobody asks", async () => {
    const { clock, work, ending } = begin(new AbortController().signal);
    work.reject(new AppError("source_unsupported", "no picture"));
    expect(await errorOf(ending)).toMatchObject({ code: "source_unsupported" });
    expect(clock.pending).toBe(0);
  });

  test("is asked first, and killed when that is not heard", async () => {
    const abort = new AbortController();
    const { clock, told, ending } = begin(abort.signal);
    abort.abort("bored");
    clock.advance(299);
    expect(told).toEqual(["cancel"]);
    clock.advance(1);
    expect(told).toEqual(["cancel", "kill"]);
    expect(await errorOf(ending)).toMatchObject({ code: "cancelled", cause: "bored" });
    expect(clock.pending).toBe(0);
  });

  test("is stopped when its time is over; that it is cancelled later changes nothing", async () => {
    const abort = new AbortController();
    const { clock, told, work, ending } = begin(abort.signal);
    clock.advance(1_000);
    abort.abort();
    work.reject(new AppError("cancelled", "as was asked"));
    expect(await errorOf(ending)).toMatchObject({ code: "i2v_timeout" });
    clock.advance(300);
    expect(told).toEqual(["cancel"]);
  });

  test("was stopped although it was just done", async () => {
    const abort = new AbortController();
    const { work, ending } = begin(abort.signal);
    abort.abort();
    work.resolve("done");
    expect(await errorOf(ending)).toMatchObject({ code: "cancelled" });
  });

  test("is stopped at once when that was asked before it began", async () => {
    const { clock, told, ending } = begin(AbortSignal.abort());
    expect(told).toEqual(["cancel"]);
    clock.advance(300);
    expect(await errorOf(ending)).toMatchObject({ code: "cancelled" });
  });
});
