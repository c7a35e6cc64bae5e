import { expect, test } from "bun:test";
import type { Seam } from "../../src/loop/seam.ts";
import type { SeamTask } from "../../src/loop/seam-task.ts";
import type { FromWorker, ToWorker } from "../../src/threads/messages.ts";

test("the thread answers a clip that it cannot read with an error that can be sent", async () => {
  const worker = new Worker(new URL("../../src/loop/seam-worker.ts", import.meta.url));
  const { promise, resolve } = Promise.withResolvers<FromWorker<Seam>>();
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker<Seam>>) => resolve(data));
  const tool = {
    kind: "command",
    version: "1",
    argv: ["/no"],
    encoders: new Set<string>(),
  } as const;
  const task = { tool, path: "/no/such/clip.mp4" };
  worker.postMessage({ kind: "task", task } satisfies ToWorker<SeamTask>);
  expect(await promise).toEqual({
    kind: "failed",
    failure: {
      code: "i2v_failed",
      message: "there is no clip to read",
      retry: false,
      cause: expect.stringContaining("ENOENT"),
    },
  });
  worker.terminate();
});
