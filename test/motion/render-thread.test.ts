import { describe, expect, test } from "bun:test";
import type { FromWorker, RenderJob, ToWorker } from "../../src/motion/messages.ts";
import { createRenderThread, type WorkerPort } from "../../src/motion/render-thread.ts";
import { smallRequest } from "../support/render-fixtures.ts";

const job: RenderJob = {
  request: smallRequest,
  tool: { kind: "command", version: "5.1", argv: ["ffmpeg"], encoders: new Set() },
  encoderThreads: 1,
};

const result = { width: 128, height: 72, fps: 30, frames: 60, framesHash: "ab" };

/** A Worker that does what the test says. */
function openPort() {
  const target = new EventTarget();
  const told: (ToWorker["kind"] | "terminate")[] = [];
  const port = {
    postMessage: (message: ToWorker) => told.push(message.kind),
    terminate: () => {
      told.push("terminate");
      target.dispatchEvent(new Event("close"));
    },
    addEventListener: target.addEventListener.bind(target),
  } as WorkerPort;
  const say = (data: FromWorker) => target.dispatchEvent(new MessageEvent("message", { data }));
  return { port, told, say, dispatch: (event: Event) => target.dispatchEvent(event) };
}

describe("a render thread", () => {
  test("hands out progress and result", async () => {
    const { port, told, say } = openPort();
    const thread = createRenderThread(port);
    const shares: number[] = [];
    const rendering = thread.render(job, (frames, total) => shares.push(frames / total));
    say({ kind: "progress", frames: 30, framesTotal: 60 });
    say({ kind: "rendered", result });
    expect(await rendering).toEqual(result);
    expect(shares).toEqual([0.5]);
    expect(told).toEqual(["render"]);
    expect(thread.isAlive()).toBe(true);
  });

  test("makes an error of a failure, whole", async () => {
    const { port, say } = openPort();
    const rendering = createRenderThread(port).render(job, undefined);
    const failure = { code: "i2v_failed", message: "no", retry: true, cause: "stack" } as const;
    say({ kind: "failed", failure });
    await expect(rendering).rejects.toMatchObject(failure);
  });

  test("that crashes fails its render, for which another attempt is worth it", async () => {
    for (const event of [new ErrorEvent("error", { message: "boom" }), new Event("close")]) {
      const { port, dispatch } = openPort();
      const thread = createRenderThread(port);
      const rendering = thread.render(job, undefined);
      dispatch(event);
      await expect(rendering).rejects.toMatchObject({ code: "i2v_failed", retry: true });
      expect(thread.isAlive()).toBe(false);
    }
  });

  test("is killed for good, and let to its end on request", async () => {
    const { port, told, dispatch } = openPort();
    const thread = createRenderThread(port);
    const ending = thread.end();
    dispatch(new Event("close"));
    await ending;
    const other = createRenderThread(port);
    const rendering = other.render(job, undefined);
    await Promise.all([other.kill(), expect(rendering).rejects.toMatchObject({ retry: true })]);
    expect(told).toEqual(["end", "render", "terminate"]);
    expect([thread.isAlive(), other.isAlive()]).toEqual([false, false]);
  });
});
