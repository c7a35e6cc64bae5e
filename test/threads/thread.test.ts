import { describe, expect, test } from "bun:test";
import { createThread, type ThreadOptions } from "../../src/threads/thread.ts";
import { settle } from "../support/until.ts";
import { openPort } from "./open-port.ts";

const options: ThreadOptions = {
  crashMessage: "it ended in the midst of the sum",
  killedTaskFails: "when-ended",
};

describe("a thread", () => {
  test("hands out progress and result", async () => {
    const { port, told, say } = openPort();
    const thread = createThread(port, options);
    const shares: number[] = [];
    const adding = thread.run([1, 2], (share) => shares.push(share));
    say({ kind: "progress", progress: 0.5 });
    say({ kind: "done", result: 3 });
    expect(await adding).toBe(3);
    expect(shares).toEqual([0.5]);
    expect(told).toEqual(["task"]);
    expect(thread.isAlive()).toBe(true);
  });

  test("makes an error of a failure, whole", async () => {
    const { port, say } = openPort();
    const adding = createThread(port, options).run([]);
    const failure = { code: "i2v_failed", message: "no", retry: true, cause: "stack" } as const;
    say({ kind: "failed", failure });
    await expect(adding).rejects.toMatchObject(failure);
  });

  test("that crashes fails its task, for which another attempt is worth it", async () => {
    for (const event of [new ErrorEvent("error", { message: "boom" }), new Event("close")]) {
      const { port, dispatch } = openPort();
      const thread = createThread(port, options);
      const adding = thread.run([]);
      dispatch(event);
      const { crashMessage: message } = options;
      await expect(adding).rejects.toMatchObject({ code: "i2v_failed", message, retry: true });
      expect(thread.isAlive()).toBe(false);
    }
  });

  test("is killed for good, and let to its end on request", async () => {
    const { port, told, dispatch } = openPort();
    const thread = createThread(port, options);
    const ending = thread.end();
    dispatch(new Event("close"));
    await ending;
    const other = createThread(port, options);
    const adding = other.run([]);
    const killing = other.kill();
    dispatch(new Event("close"));
    await Promise.all([killing, expect(adding).rejects.toMatchObject({ retry: true })]);
    expect(told).toEqual(["end", "task", "terminate"]);
    expect([thread.isAlive(), other.isAlive()]).toEqual([false, false]);
  });

  test("that is killed fails its task when it has ended, or at once if that was wanted", async () => {
    const failedBeforeTheEnd: boolean[] = [];
    for (const killedTaskFails of ["when-ended", "at-once"] as const) {
      const { port, dispatch } = openPort();
      const thread = createThread(port, { ...options, killedTaskFails });
      let isFailed = false;
      const adding = thread.run([]).catch(() => {
        isFailed = true;
      });
      const killing = thread.kill();
      await settle(1);
      failedBeforeTheEnd.push(isFailed);
      dispatch(new Event("close"));
      await Promise.all([killing, adding]);
      expect(isFailed).toBe(true);
    }
    expect(failedBeforeTheEnd).toEqual([false, true]);
  });
});
