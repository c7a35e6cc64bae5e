import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { openPool } from "../../src/threads/pool.ts";
import { errorOf } from "../support/app-error.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { until } from "../support/until.ts";
import { openPort } from "./open-port.ts";

/** A pool of Workers that the test holds in its hand, on a clock that it moves. */
function open(slotsMax: number) {
  const clock = createManualClock();
  const workers: ReturnType<typeof openPort>[] = [];
  const startWorker = () => {
    const worker = openPort();
    workers.push(worker);
    return worker.port;
  };
  const cancelled = (cause: unknown) => new AppError("cancelled", "cancelled", { cause });
  const pool = openPool(
    { clock, startWorker },
    {
      slots: { slotsMax, waitingMax: 1, waitersName: "sums", cancelled },
      idleMs: 1_000,
      thread: { crashMessage: "it ended in the midst of the sum", killedTaskFails: "at-once" },
    },
  );
  const add = (signal?: AbortSignal) => pool.use(signal, (thread) => thread.run([1, 2]));
  /** Lets a Worker finish its task once it has one. */
  const finish = async (index: number, tasks = 1) => {
    await until(() => workers[index]?.told.filter((kind) => kind === "task").length === tasks);
    workers[index]?.say({ kind: "done", result: 3 });
  };
  const close = (index: number) => workers[index]?.dispatch(new Event("close"));
  return { clock, workers, pool, add, finish, close };
}

describe("a pool of threads", () => {
  test("starts no more than are wanted at once, and uses them again", async () => {
    const { workers, add, finish } = open(2);
    expect(workers).toHaveLength(0);
    for (const tasks of [1, 2]) {
      const adding = add();
      await finish(0, tasks);
      expect(await adding).toBe(3);
    }
    expect(workers).toHaveLength(1);
    const both = [add(), add(), add()];
    await expect(add()).rejects.toMatchObject({ message: "1 sums wait already; try again later" });
    await finish(0, 3);
    await finish(0, 4);
    await finish(1);
    await Promise.all(both);
    expect(workers).toHaveLength(2);
  });

  test("ends a thread that was idle long enough, and starts another when it is wanted", async () => {
    const { clock, workers, add, finish } = open(1);
    for (const index of [0, 1]) {
      const adding = add();
      await finish(index);
      await adding;
      clock.advance(999);
      expect(workers[index]?.told).toEqual(["task"]);
      clock.advance(1);
      expect(workers[index]?.told).toEqual(["task", "end"]);
    }
  });

  test("lends no thread again that crashed, at work or idle", async () => {
    const { clock, workers, add, finish, close } = open(1);
    const crashing = add();
    await until(() => workers.length === 1);
    close(0);
    await expect(crashing).rejects.toMatchObject({ code: "i2v_failed", retry: true });
    expect(clock.pending).toBe(0);
    const second = add();
    await finish(1);
    await second;
    close(1);
    const third = add();
    await finish(2);
    await third;
    expect(workers).toHaveLength(3);
  });

  test("that closes tells what is at work, turns away what waits, and ends its threads", async () => {
    const { workers, pool, add, finish, close } = open(1);
    const reason = new Error("closed");
    let told: unknown;
    const working = pool.use(undefined, (thread, signal) => {
      signal.addEventListener("abort", () => {
        told = signal.reason;
      });
      return thread.run([1, 2]);
    });
    await until(() => workers.length === 1);
    const waiting = errorOf(add());
    const closing = pool.close(reason);
    expect(told).toBe(reason);
    expect(await waiting).toMatchObject({ code: "cancelled", cause: reason });
    await finish(0);
    expect(await working).toBe(3);
    await until(() => workers[0]?.told.at(-1) === "end");
    close(0);
    await closing;
    expect(await errorOf(add())).toMatchObject({ code: "cancelled", cause: reason });
    expect(workers).toHaveLength(1);
  });

  test("ends what is idle on request, and goes on", async () => {
    const { workers, pool, add, finish, close } = open(1);
    const first = add();
    await finish(0);
    await first;
    const ending = pool.endIdle();
    expect(workers[0]?.told).toEqual(["task", "end"]);
    close(0);
    await ending;
    const second = add();
    await finish(1);
    expect(await second).toBe(3);
  });

  test("whose caller gives up while waiting starts nothing for it", async () => {
    const { workers, add, finish } = open(1);
    const first = add();
    const leaving = new AbortController();
    const second = errorOf(add(leaving.signal));
    leaving.abort();
    expect(await second).toMatchObject({ code: "cancelled" });
    await finish(0);
    await first;
    expect(workers).toHaveLength(1);
  });
});
