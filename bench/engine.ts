import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/clock.ts";
import { createKernel } from "../src/kernel/kernel.ts";
import { measureClip } from "../src/loop/measure-clip.ts";
import type { FrameEncoder, Media } from "../src/media/media.ts";
import { openMedia } from "../src/media/open-media.ts";
import { openEngine } from "../src/motion/engine.ts";
import type { Engine, RenderRequest } from "../src/motion/render.ts";
import { renderClip } from "../src/motion/render-clip.ts";
import { localEngine } from "../src/providers/local-motion.ts";
import { effects } from "../src/scene/plan.ts";
import { collage, landscape } from "./engine-stills.ts";
import { waitQuiet } from "./measure/gate.ts";
import { parseOptions } from "./measure/options.ts";
import { cpuOf } from "./measure/process-cpu.ts";
import { type Figure, printReport } from "./measure/report.ts";

/**
 * What the local engine costs, as a ratio to encoding the same raw frames alone with the same
 * flags and threads: 4 s of 1280×720 by default; without effects, with depth, and with depth and
 * all effects. CPU time of all threads and children, least of the rounds. The seam is measured
 * apart. Also two renders at once: how late the calling thread's timers are in the calmest round,
 * and the most memory that the process was seen to hold.
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
    const lake = { ...request, sourcePath: join(folder, "lake.jpg") };
    await Bun.write(lake.sourcePath, await landscape());
    const depth = { focal: { x: 0.5, y: 0.45 }, camera: "parallax" } as const;
    // First, while no frames are held to be encoded alone.
    const together: Together[] = [];
    for (let round = 0; round < options.rounds; round++) {
      await waitQuiet(options.patienceMs);
      together.push(await renderTwoAtOnce(engine, request));
    }
    const costsOf = (asked: RenderRequest) =>
      leastOf(options.rounds, { media, engine, request: asked });
    const plain = await costsOf(request);
    const photographs = await costsOf({ ...request, plan: depth });
    const parted = await costsOf({ ...lake, plan: depth });
    const living = await costsOf({ ...lake, plan: { ...depth, effects } });
    const frames = request.durationSeconds * request.fps;
    const figures = [
      ...cpuFigures("plain", plain, 1.4),
      ...cpuFigures("depth", photographs, 1.4),
      ...cpuFigures("lake, depth", parted, 1.4),
      ...cpuFigures("lake, depth and all effects", living, 1.5),
      effectFigure((living.engine - parted.engine) / frames, request),
      ...threadFigures(together),
    ];
    printReport({ bench: "engine", figures, kept: options.rounds, discarded: 0 }, options);
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** CPU milliseconds of each case. */
interface Costs {
  /** The encoder's process alone, given the frames. */
  readonly encode: number;
  /** Decode, fit and draw, no encoder. */
  readonly engine: number;
  /** All of a render in a Worker, the encoder included. */
  readonly total: number;
  /** Decoding the clip again and measuring its seam. */
  readonly seam: number;
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
    const seam = await cpuOf(() => measureClip(media, request.outputPath, never.signal));
    costs.push({
      encode: encode.childrenMs,
      engine: alone.ownMs,
      total: total.ownMs + total.childrenMs,
      seam: seam.ownMs + seam.childrenMs,
    });
  }
  const least = (name: keyof Costs) => Math.min(...costs.map((cost) => cost[name]));
  return {
    encode: least("encode"),
    engine: least("engine"),
    total: least("total"),
    seam: least("seam"),
  };
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

function cpuFigures(name: string, costs: Costs, ratioMax: number): readonly Figure[] {
  const anchor = { name: "encode alone", value: costs.encode };
  const row = { goal: "", unit: "CPU ms", anchor };
  const engineMax = Math.round(100 * (ratioMax - 1)) / 100;
  return [
    { ...row, name: `${name}: engine`, ours: costs.engine, target: { ratioMax: engineMax } },
    { ...row, name: `${name}: whole render`, ours: costs.total, target: { ratioMax } },
    { ...row, name: `${name}: seam measured`, ours: costs.seam, target: undefined },
  ];
}

/** What all effects cost of a frame; the target is for 1280 by 720, and grows with the area. */
function effectFigure(frameMs: number, { longSide }: RenderRequest): Figure {
  const valueMax = 1.1 * (longSide / 1280) ** 2;
  const row = { goal: "", name: "all effects: a frame", unit: "CPU ms", anchor: undefined };
  return { ...row, ours: frameMs, target: { valueMax } };
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
