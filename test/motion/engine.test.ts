import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createKernel } from "../../src/kernel/kernel.ts";
import type { MediaTool } from "../../src/media/media.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { openEngine, type RenderPort } from "../../src/motion/engine.ts";
import type { Engine, RenderRequest } from "../../src/motion/render.ts";
import { renderClip } from "../../src/motion/render-clip.ts";
import { countTool } from "../support/counted-tool.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { recordEncoder, smallRequest } from "../support/render-fixtures.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
const media = await openMedia({ ffmpegPath: undefined });
const engines: Engine[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});
afterAll(() => directory.close());

interface Started {
  readonly worker: Worker;
  readonly closed: Promise<void>;
}

/** An engine on a clock that the test moves, whose Workers and encoders the test can see. */
function openWatchedEngine(
  options: { readonly tool?: MediaTool; readonly workersMax?: number } = {},
) {
  const clock = createManualClock();
  const counted = countTool(options.tool ?? media.tool, directory.path);
  const started: Started[] = [];
  const startWorker = () => {
    const worker = new Worker(new URL("../../src/motion/worker.ts", import.meta.url));
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    worker.addEventListener("close", () => resolve());
    started.push({ worker, closed });
    return worker as unknown as RenderPort;
  };
  const engine = openEngine(
    { clock, tool: counted.tool, startWorker },
    { workersMax: options.workersMax ?? 1, encoderThreads: 1, idleMs: 30_000 },
  );
  engines.push(engine);
  return { engine, clock, counted, started };
}

function requestTo(name: string, changes: Partial<RenderRequest> = {}): RenderRequest {
  return { ...smallRequest, outputPath: join(directory.path, name), ...changes };
}

/** Long enough to be in the midst of it when the first progress is told. */
const longClip = { durationSeconds: 8, longSide: 640 } as const;

describe("the engine", () => {
  test("renders the clip that was asked for, with the frames of any other thread", async () => {
    const { engine } = openWatchedEngine();
    const request = requestTo("whole.mp4");
    const told: number[] = [];
    const result = await engine.render(request, {
      onProgress: (frames, total) => told.push(frames / total),
    });
    expect(await media.probe(request.outputPath)).toMatchObject({
      codec: "h264",
      pixelFormat: "yuv420p",
      width: 128,
      height: 72,
      frames: 60,
      fps: 30,
      hasAudio: false,
    });
    expect(told.at(-1)).toBe(1);
    const inProcess = await renderClip(
      { kernel: await createKernel(), media: recordEncoder().media, encoderThreads: 1 },
      request,
      { signal: new AbortController().signal, onProgress: () => {} },
    );
    expect(result).toEqual(inProcess);
  });

  test("makes the same file of the same request", async () => {
    const { engine } = openWatchedEngine({ workersMax: 2 });
    const files = ["first.mp4", "second.mp4", "third.mp4"].map((name) => requestTo(name));
    await Promise.all(files.map((request) => engine.render(request)));
    const bytes = await Promise.all(files.map(({ outputPath }) => Bun.file(outputPath).bytes()));
    expect(Buffer.from(bytes[0] ?? []).equals(Buffer.from(bytes[1] ?? []))).toBe(true);
    expect(Buffer.from(bytes[0] ?? []).equals(Buffer.from(bytes[2] ?? []))).toBe(true);
  });
});

describe("Workers", () => {
  test("are started with the first render, no more than wanted, and used again", async () => {
    const { engine, started } = openWatchedEngine({ workersMax: 2 });
    expect(started.length).toBe(0);
    await engine.render(requestTo("a.mp4"));
    await engine.render(requestTo("a.mp4"));
    expect(started.length).toBe(1);
    await Promise.all(["a", "b", "c", "d"].map((name) => engine.render(requestTo(`${name}.mp4`))));
    expect(started.length).toBe(2);
  });

  test("end when they were idle long enough, and not before", async () => {
    const { engine, clock, started } = openWatchedEngine();
    await engine.render(requestTo("a.mp4"));
    clock.advance(29_999);
    await engine.render(requestTo("a.mp4"));
    expect(started.length).toBe(1);
    clock.advance(30_000);
    await started[0]?.closed;
    await engine.render(requestTo("a.mp4"));
    expect(started.length).toBe(2);
  });

  test("that crash fail one render, and the next one has another", async () => {
    const { engine, counted, started } = openWatchedEngine();
    const request = requestTo("crash.mp4", longClip);
    const rendering = engine.render(request, { onProgress: () => started[0]?.worker.terminate() });
    expect(await failureOf(rendering)).toMatchObject({ code: "i2v_failed", retry: true });
    // Its encoder finds its input closed, and ends by itself.
    await until(async () => (await counted.running()).length === 0);
    expect(existsSync(request.outputPath)).toBe(false);
    await engine.render(requestTo("after.mp4"));
    expect(started.length).toBe(2);
  }, 20_000);

  test("end with the engine, which then takes no more", async () => {
    const { engine, started } = openWatchedEngine();
    await engine.render(requestTo("a.mp4"));
    await engine.close();
    await started[0]?.closed;
    expect(await failureOf(engine.render(requestTo("b.mp4")))).toMatchObject({ code: "cancelled" });
  });
});

describe("a render that is to stop", () => {
  test("when it is cancelled, leaves no file and no encoder", async () => {
    const { engine, counted } = openWatchedEngine();
    const abort = new AbortController();
    const request = requestTo("cancelled.mp4", longClip);
    const rendering = engine.render(request, {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    expect(await failureOf(rendering)).toMatchObject({ code: "cancelled" });
    expect(existsSync(request.outputPath)).toBe(false);
    expect(await counted.started()).toBe(1);
    expect(await counted.running()).toEqual([]);
  });

  test("when its time is up, leaves no file and no encoder, and the Worker goes on", async () => {
    const { engine, clock, counted, started } = openWatchedEngine();
    const request = requestTo("late.mp4", longClip);
    const rendering = engine.render(request, {
      timeoutMs: 5_000,
      // Once: any further and the time to clean up would be over, too.
      onProgress: (frames) => frames === 5 && clock.advance(5_000),
    });
    expect(await failureOf(rendering)).toMatchObject({ code: "i2v_timeout" });
    expect(existsSync(request.outputPath)).toBe(false);
    expect(await counted.running()).toEqual([]);
    await engine.render(requestTo("after.mp4"));
    expect(started.length).toBe(1);
  });

  test("when the engine closes, ends as cancelled", async () => {
    const { engine, counted } = openWatchedEngine();
    const request = requestTo("closed.mp4", longClip);
    const { promise: begun, resolve } = Promise.withResolvers<void>();
    const rendering = engine.render(request, { onProgress: () => resolve() });
    const ending = failureOf(rendering);
    await begun;
    await engine.close();
    expect(await ending).toMatchObject({ code: "cancelled" });
    expect(existsSync(request.outputPath)).toBe(false);
    expect(await counted.running()).toEqual([]);
  });

  test("while it waits for a Worker, never begins", async () => {
    const { engine, counted } = openWatchedEngine();
    const first = engine.render(requestTo("first.mp4"));
    const abort = new AbortController();
    const second = engine.render(requestTo("second.mp4"), { signal: abort.signal });
    abort.abort();
    expect(await failureOf(second)).toMatchObject({ code: "cancelled" });
    await first;
    expect(await counted.started()).toBe(1);
  });

  test("although its encoder hangs, is ended with it", async () => {
    const hanging = { ...media.tool, argv: ["sh", "-c", "exec sleep 600", "sh"] };
    const { engine, counted } = openWatchedEngine({ tool: hanging });
    const abort = new AbortController();
    const request = requestTo("hanging.mp4", longClip);
    const rendering = engine.render(request, { signal: abort.signal });
    const ending = failureOf(rendering);
    await until(async () => (await counted.running()).length === 1);
    abort.abort();
    expect(await ending).toMatchObject({ code: "cancelled" });
    expect(await counted.running()).toEqual([]);
  });

  test("although its Worker no longer listens, is ended with the Worker", async () => {
    const clock = createManualClock();
    const target = new EventTarget();
    const told: string[] = [];
    const deaf = {
      postMessage: ({ kind }: { readonly kind: string }) => told.push(kind),
      terminate: () => {
        told.push("terminate");
        target.dispatchEvent(new Event("close"));
      },
      addEventListener: target.addEventListener.bind(target),
    } as RenderPort;
    const engine = openEngine(
      { clock, tool: media.tool, startWorker: () => deaf },
      { workersMax: 1, encoderThreads: 1, idleMs: 30_000 },
    );
    const request = requestTo("deaf.mp4");
    await Bun.write(request.outputPath, "half a clip");
    const rendering = engine.render(request, { timeoutMs: 1_000 });
    const ending = failureOf(rendering);
    await until(async () => clock.pending > 0);
    clock.advance(1_000);
    expect(told).toEqual(["task", "cancel"]);
    clock.advance(3_000);
    expect(await ending).toMatchObject({ code: "i2v_timeout" });
    expect(told).toEqual(["task", "cancel", "terminate"]);
    expect(existsSync(request.outputPath)).toBe(false);
    await engine.close();
  });
});

describe("poison", () => {
  test("sources fail with their code, and the next render is none the worse", async () => {
    const { engine, counted, started } = openWatchedEngine();
    const poisoned = join(directory.path, "poison.jpg");
    const photograph = await Bun.file(smallRequest.sourcePath).bytes();
    for (const bytes of [
      new Uint8Array(),
      new TextEncoder().encode("#EXTM3U\nfile:///etc/passwd\n"),
      photograph.subarray(0, 4000),
      photograph.map((byte, index) => (index > 500 ? byte ^ 0x5a : byte)),
      photograph.map((byte, index) => (index > 160 && index < 164 ? 255 : byte)),
    ]) {
      await Bun.write(poisoned, bytes);
      const request = requestTo("poison.mp4", { sourcePath: poisoned });
      // A picture may be so slightly broken that it can still be read.
      const failed = await engine.render(request).catch((error: unknown) => error);
      if (failed instanceof Error) {
        expect(failed).toMatchObject({ code: "source_unsupported", retry: false });
        expect(existsSync(request.outputPath)).toBe(false);
      }
    }
    await engine.render(requestTo("after.mp4"));
    expect(started.length).toBe(1);
    expect(await counted.running()).toEqual([]);
  });

  test("an encoder that fails, or that is gone, ends the render and not the Worker", async () => {
    for (const argv of [["sh", "-c", "exit 3", "sh"], [join(directory.path, "no-such-tool")]]) {
      const { engine, started } = openWatchedEngine({ tool: { ...media.tool, argv } });
      const request = requestTo("failing.mp4");
      for (let attempt = 0; attempt < 2; attempt++) {
        expect(await failureOf(engine.render(request))).toMatchObject({ code: "i2v_failed" });
      }
      expect(existsSync(request.outputPath)).toBe(false);
      expect(started.length).toBe(1);
    }
  });
});

/** What a promise fails with. It is only awaited here, while `expect` would hold up everything. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

/** Waits for a state that only another process can bring about. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const roundsMax = 100_000;
  for (let round = 0; round < roundsMax; round++) {
    if (await holds()) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error("it never came about");
}
