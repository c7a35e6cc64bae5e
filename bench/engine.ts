import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { systemClock } from "../src/clock.ts";
import { createKernel } from "../src/kernel/kernel.ts";
import type { FrameEncoder, Media } from "../src/media/media.ts";
import { openMedia } from "../src/media/open-media.ts";
import { openEngine } from "../src/motion/engine.ts";
import type { Engine, RenderRequest } from "../src/motion/render.ts";
import { renderClip } from "../src/motion/render-clip.ts";
import { localEngine } from "../src/providers/local-motion.ts";
import { parseProcessCpu, waitQuiet } from "./gate.ts";
import { parseOptions } from "./options.ts";
import { type Figure, printReport } from "./report.ts";

/**
 * What the local engine costs, as a ratio to encoding the same raw frames alone with the same
 * flags and threads: 4 s of 1280×720 by default. CPU time of all threads and children, least of
 * the rounds; the cases take turns, so that a busy minute of the machine spoils one round of each.
 * Also two renders at once: how late the calling thread's timers are in the calmest round, and the
 * most memory that the process was seen to hold.
 */

const { encoderThreads, idleMs } = localEngine;
const never = { signal: new AbortController().signal, onProgress: () => {} };

export async function benchEngine(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { "long-side": "string", seconds: "string" });
  const folder = await mkdtemp(join(tmpdir(), "motioness-bench-"));
  const media = await openMedia({ ffmpegPath: undefined });
  const engine = openEngine(
    { clock: systemClock, tool: media.tool },
    { workersMax: 2, encoderThreads, idleMs },
  );
  try {
    const request: RenderRequest = {
      sourcePath: join(folder, "still.jpg"),
      outputPath: join(folder, "clip.mp4"),
      motion: "medium",
      mode: "loop",
      aspect: "16:9",
      durationSeconds: Number(options.flag("seconds") ?? 4),
      seed: 7,
      plan: { focal: { x: 0.5, y: 0.5 }, camera: "flat" },
      longSide: Number(options.flag("long-side") ?? 1280),
      fps: 30,
    };
    await Bun.write(request.sourcePath, await collage());
    // First, while no frames are held to be encoded alone.
    const together: Together[] = [];
    for (let round = 0; round < options.rounds; round++) {
      await waitQuiet(options.patienceMs);
      together.push(await renderTwoAtOnce(engine, request));
    }
    const least = await leastOf(options.rounds, { media, engine, request });
    const figures = [...cpuFigures(least), ...threadFigures(together)];
    printReport({ bench: "engine", figures, kept: options.rounds, discarded: 0 }, options);
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A detailed picture of 2560×1600: the bundled photographs, over and over, at their own size. */
async function collage(): Promise<Uint8Array> {
  const samples = join(import.meta.dir, "../assets/samples");
  const tiles = [];
  for (const [index, name] of ["coffee", "rocket", "portrait", "cat"].entries()) {
    const input = await sharp(join(samples, `${name}.jpg`))
      .resize(640, 400)
      .toBuffer();
    for (let tile = index; tile < 16; tile += 4) {
      const row = Math.floor(tile / 4);
      tiles.push({ input, left: 640 * ((tile + row) % 4), top: 400 * row });
    }
  }
  const ground = { width: 2560, height: 1600, channels: 3, background: "#000" } as const;
  return sharp({ create: ground }).composite(tiles).jpeg({ quality: 92 }).toBuffer();
}

/** CPU milliseconds of each case. */
interface Costs {
  /** The encoder's process alone, given the frames. */
  readonly encode: number;
  /** Decode, fit and draw, no encoder. */
  readonly engine: number;
  /** All of a render in a Worker, the encoder included. */
  readonly total: number;
}

interface Case {
  readonly media: Media;
  readonly engine: Engine;
  readonly request: RenderRequest;
}

async function leastOf(rounds: number, { media, engine, request }: Case): Promise<Costs> {
  const kernel = await createKernel();
  const frames: Uint8Array[] = [];
  const keeping = { encodeRaw: () => discardingEncoder((frame) => frames.push(frame.slice())) };
  const rendered = await renderClip({ kernel, media: keeping, encoderThreads }, request, never);
  const discarding = { encodeRaw: () => discardingEncoder(() => {}) };
  await engine.render(request);
  const costs: Costs[] = [];
  for (let round = 0; round < rounds; round++) {
    const encode = await cpuOf(() => encodeAlone(media, request, rendered, frames));
    const alone = await cpuOf(() =>
      renderClip({ kernel, media: discarding, encoderThreads }, request, never),
    );
    const total = await cpuOf(() => engine.render(request));
    costs.push({
      encode: encode.childrenMs,
      engine: alone.ownMs,
      total: total.ownMs + total.childrenMs,
    });
  }
  const least = (name: keyof Costs) => Math.min(...costs.map((cost) => cost[name]));
  return { encode: least("encode"), engine: least("engine"), total: least("total") };
}

function discardingEncoder(onFrame: (frame: Uint8Array) => void): FrameEncoder {
  return {
    write: async (frame) => onFrame(frame),
    finish: async () => {},
    abort: async () => {},
  };
}

async function encodeAlone(
  media: Media,
  { outputPath, fps }: RenderRequest,
  { width, height }: { readonly width: number; readonly height: number },
  frames: readonly Uint8Array[],
): Promise<void> {
  const spec = { path: outputPath, width, height, fps, threads: encoderThreads };
  const encoder = media.encodeRaw(spec);
  for (const frame of frames) await encoder.write(frame);
  await encoder.finish();
}

/** What this process and its ended children worked meanwhile. */
async function cpuOf(work: () => Promise<unknown>) {
  const before = parseProcessCpu(readFileSync("/proc/self/stat", "utf8"));
  await work();
  const after = parseProcessCpu(readFileSync("/proc/self/stat", "utf8"));
  return {
    ownMs: after.ownMs - before.ownMs,
    childrenMs: after.childrenMs - before.childrenMs,
  };
}

interface Together {
  /** How late a timer of the calling thread was, of a hundred the second latest. */
  readonly delayMs: number;
  readonly rssBytes: number;
}

const timerMs = 5;

async function renderTwoAtOnce(engine: Engine, request: RenderRequest): Promise<Together> {
  const delays: number[] = [];
  let rssBytes = 0;
  let dueMs = performance.now() + timerMs;
  const timer = setInterval(() => {
    delays.push(Math.max(0, performance.now() - dueMs));
    dueMs = performance.now() + timerMs;
    rssBytes = Math.max(rssBytes, process.memoryUsage.rss());
  }, timerMs);
  const paths = ["first.mp4", "second.mp4"].map((name) => `${request.outputPath}.${name}`);
  await Promise.all(paths.map((outputPath) => engine.render({ ...request, outputPath })));
  clearInterval(timer);
  delays.sort((left, right) => left - right);
  return { delayMs: delays[Math.floor(0.99 * delays.length)] ?? 0, rssBytes };
}

function cpuFigures({ encode, engine, total }: Costs): readonly Figure[] {
  const anchor = { name: "encode alone", value: encode };
  const row = { goal: "", unit: "CPU ms", anchor };
  return [
    { ...row, name: "engine without encoder", ours: engine, target: { ratioMax: 0.4 } },
    { ...row, name: "whole render", ours: total, target: { ratioMax: 1.4 } },
  ];
}

function threadFigures(rounds: readonly Together[]): readonly Figure[] {
  const row = { goal: "", anchor: undefined };
  const delayMs = Math.min(...rounds.map((round) => round.delayMs));
  const rssBytes = Math.max(...rounds.map((round) => round.rssBytes));
  return [
    {
      ...row,
      name: "two renders: timer delay p99",
      unit: "ms",
      ours: delayMs,
      target: { valueMax: 20 },
    },
    {
      ...row,
      name: "two renders: resident memory",
      unit: "MB",
      ours: rssBytes / 1e6,
      target: { valueMax: 400 },
    },
  ];
}
