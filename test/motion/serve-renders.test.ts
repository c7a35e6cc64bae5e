import { describe, expect, test } from "bun:test";
import { createKernel } from "../../src/kernel/kernel.ts";
import type { Media, MediaTool } from "../../src/media/media.ts";
import type { RenderResult } from "../../src/motion/render.ts";
import {
  type RenderJob,
  type RenderProgress,
  serveRenders,
} from "../../src/motion/serve-renders.ts";
import type { FromWorker } from "../../src/threads/messages.ts";
import { recordEncoder, smallRequest } from "../support/render-fixtures.ts";

const tool: MediaTool = { kind: "command", version: "5.1", argv: ["ffmpeg"], encoders: new Set() };
type Told = FromWorker<RenderResult, RenderProgress>;

const job: RenderJob = { request: smallRequest, tool, encoderThreads: 1 };

/** The inside of a Worker without the Worker; `next` waits for a message of one kind. */
function openServer(onFrame?: (index: number) => void) {
  const { media, calls } = recordEncoder(onFrame);
  const sent: Told[] = [];
  const waiting = new Set<() => void>();
  const counts = { kernels: 0, exits: 0 };
  const serve = serveRenders({
    createKernel: () => {
      counts.kernels += 1;
      return createKernel();
    },
    openMedia: () => media as Media,
    send: (message) => {
      sent.push(message);
      for (const wake of waiting) wake();
    },
    exit: () => {
      counts.exits += 1;
    },
  });
  const next = async <K extends Told["kind"]>(kind: K) => {
    for (;;) {
      const found = sent.find((message) => message.kind === kind);
      if (found) {
        sent.splice(0, sent.indexOf(found) + 1);
        return found as Extract<Told, { kind: K }>;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(resolve);
      await promise;
      waiting.delete(resolve);
    }
  };
  return { serve, next, calls, counts };
}

describe("serveRenders", () => {
  test("answers a render with its progress and its result, on one kernel", async () => {
    const { serve, next, counts } = openServer();
    for (let round = 0; round < 2; round++) {
      serve({ kind: "task", task: job });
      expect((await next("progress")).progress).toEqual({ frames: 5, framesTotal: 60 });
      expect((await next("done")).result.frames).toBe(60);
    }
    expect(counts.kernels).toBe(1);
  });

  test("a cancelled render fails as cancelled, and the next one is not", async () => {
    const { serve, next, calls } = openServer(() => {});
    serve({ kind: "task", task: job });
    await next("progress");
    serve({ kind: "cancel" });
    expect((await next("failed")).failure).toMatchObject({ code: "cancelled", retry: false });
    expect(calls).toEqual(["abort"]);
    serve({ kind: "task", task: job });
    await next("done");
  });

  test("what is no picture fails with its code, its text and its cause", async () => {
    const { serve, next } = openServer();
    const request = { ...smallRequest, sourcePath: import.meta.path };
    serve({ kind: "task", task: { ...job, request } });
    const { failure } = await next("failed");
    expect(failure).toMatchObject({ code: "source_unsupported", retry: false });
    expect(failure.cause).toContain("unsupported image format");
  });

  test("a failure nobody foresaw keeps its text to the log and costs the kernel", async () => {
    let failing = true;
    const { serve, next, counts } = openServer(() => {
      if (failing) throw new RangeError("out of bounds memory access");
    });
    serve({ kind: "task", task: job });
    const { failure } = await next("failed");
    expect(failure.code).toBe("i2v_failed");
    expect(failure.message).not.toContain("bounds");
    expect(failure.cause).toContain("out of bounds memory access");
    failing = false;
    serve({ kind: "task", task: job });
    await next("done");
    expect(counts.kernels).toBe(2);
  });

  test("ends when it is told so", () => {
    const { serve, counts } = openServer();
    serve({ kind: "end" });
    expect(counts.exits).toBe(1);
  });
});
