import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { FromWorker } from "../../src/threads/messages.ts";
import { serveTasks, type TaskOptions } from "../../src/threads/serve-tasks.ts";
import { settle } from "../support/until.ts";

/** The inside of a Worker without the Worker: `perform` is what it does with a number. */
function open(perform: (task: number, options: TaskOptions<number>) => Promise<number>) {
  const told: FromWorker<number, number>[] = [];
  const recovered: unknown[] = [];
  let exits = 0;
  const serve = serveTasks<number, number, number>(
    {
      send: (message) => told.push(message),
      exit: () => {
        exits += 1;
      },
    },
    {
      perform,
      recover: (cause) => {
        recovered.push(cause);
        return new AppError("internal", "internal error", { cause });
      },
    },
  );
  return { serve, told, recovered, exits: () => exits };
}

describe("the inside of a Worker", () => {
  test("answers a task with its progress and its result", async () => {
    const { serve, told } = open(async (task, { onProgress }) => {
      onProgress(0.5);
      return task * 2;
    });
    serve({ kind: "task", task: 21 });
    await settle(1);
    expect(told).toEqual([
      { kind: "progress", progress: 0.5 },
      { kind: "done", result: 42 },
    ]);
  });

  test("tells a failure that was foreseen as it is, and recovers from any other", async () => {
    const broken = new RangeError("out of bounds");
    const thrown = [new AppError("source_unsupported", "no picture"), broken];
    const { serve, told, recovered } = open((task) => Promise.reject(thrown[task]));
    serve({ kind: "task", task: 0 });
    serve({ kind: "task", task: 1 });
    await settle(1);
    expect(told).toMatchObject([
      { kind: "failed", failure: { code: "source_unsupported", message: "no picture", cause: "" } },
      { kind: "failed", failure: { code: "internal", message: "internal error" } },
    ]);
    expect(recovered).toEqual([broken]);
  });

  test("stops the task at work when it is asked to, and not the next one", async () => {
    const signals: AbortSignal[] = [];
    const { serve } = open(async (task, { signal }) => {
      signals.push(signal);
      return task;
    });
    serve({ kind: "task", task: 1 });
    serve({ kind: "cancel" });
    serve({ kind: "task", task: 2 });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  test("ends when it is told so", () => {
    const { serve, exits } = open(async (task) => task);
    serve({ kind: "end" });
    expect(exits()).toBe(1);
  });
});
