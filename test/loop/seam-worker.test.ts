import { expect, test } from "bun:test";
import type { FromSeamWorker, ToSeamWorker } from "../../src/loop/seam-meter.ts";

test("the thread answers a clip that it cannot read with an error that can be sent", async () => {
  const worker = new Worker(new URL("../../src/loop/seam-worker.ts", import.meta.url));
  const { promise, resolve } = Promise.withResolvers<FromSeamWorker>();
  worker.addEventListener("message", ({ data }: MessageEvent<FromSeamWorker>) => resolve(data));
  const tool = {
    kind: "command",
    version: "1",
    argv: ["/no"],
    encoders: new Set<string>(),
  } as const;
  worker.postMessage({ kind: "measure", tool, path: "/no/such/clip.mp4" } satisfies ToSeamWorker);
  expect(await promise).toEqual({
    kind: "failed",
    code: "i2v_failed",
    message: "there is no clip to read",
    retry: false,
    cause: expect.stringContaining("ENOENT"),
  });
  worker.terminate();
});
