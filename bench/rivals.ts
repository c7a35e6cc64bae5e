import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { type CameraPose, createKernel, type Kernel } from "../src/kernel/kernel.ts";
import type { Media } from "../src/media/media.ts";
import { openMedia } from "../src/media/open-media.ts";
import { localEngine } from "../src/providers/local-motion.ts";
import { readStill } from "../src/scene/still.ts";
import { drawDotChart, measureJitter } from "../test/support/jitter.ts";
import { collage } from "./engine-stills.ts";
import { parseOptions } from "./measure/options.ts";
import { cpuOf } from "./measure/process-cpu.ts";
import { type Figure, printReport } from "./measure/report.ts";

/**
 * The engine against what else moves a still on a CPU, along one path without depth: ffmpeg's
 * `zoompan` on a still enlarged four times, and its `perspective`. Smoothness is measured on a
 * chart of dots, raw; time and bytes on photographs, with the encoder that clips are made with.
 */

const size = { width: 1280, height: 720 };
const fps = 30;
const frameCount = 120;

/** The path of all three, in terms of the frame: an ellipse, and a zoom that comes and goes. */
const path = { zoom: 1.08, zoomSwing: 0.02, panX: 10, panY: 6 };

type Frames = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

interface Rival {
  readonly name: string;
  /** Raw frames of a still in a file of the frame's size. */
  draw(still: string): Frames;
}

interface Outcome {
  readonly accelerationNoise: number;
  readonly cpuMs: number;
  readonly bytes: number;
}

export async function benchRivals(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  const folder = await mkdtemp(join(tmpdir(), "motioness-bench-"));
  try {
    const media = await openMedia({ ffmpegPath: undefined });
    const kernel = await createKernel();
    const stills = await makeStills(folder);
    const outcomes = new Map<string, Outcome>();
    for (const rival of rivalsOf(media, kernel)) {
      const { accelerationNoise } = measureJitter(await lumaOf(rival.draw(stills.chart)), size);
      const runs: { readonly cpuMs: number; readonly bytes: number }[] = [];
      for (let round = 0; round < options.rounds; round++)
        runs.push(await timed(media, rival, stills.photo, join(folder, "clip.mp4")));
      const cpuMs = Math.min(...runs.map((run) => run.cpuMs));
      outcomes.set(rival.name, { accelerationNoise, cpuMs, bytes: runs[0]?.bytes ?? 0 });
    }
    const figures = figuresOf(outcomes);
    printReport({ bench: "rivals", figures, kept: options.rounds, discarded: 0 }, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeStills(folder: string) {
  const [chart, photo] = [join(folder, "chart.png"), join(folder, "photo.png")];
  const raw = { ...size, channels: 3 } as const;
  await sharp(drawDotChart(size, size), { raw }).png().toFile(chart);
  await sharp(await collage())
    .resize(size.width, size.height)
    .png()
    .toFile(photo);
  return { chart, photo };
}

function rivalsOf(media: Media, kernel: Kernel): readonly Rival[] {
  const graph = (text: string) => {
    const spec = { graph: text, pixelFormat: "yuv420p", ...size, frames: frameCount } as const;
    return media.graph(spec, { timeoutMs: 300_000 });
  };
  return [
    { name: "ours", draw: (still) => ourFrames(kernel, still) },
    { name: "zoompan, 4x", draw: (still) => graph(zoompan(still)) },
    { name: "perspective", draw: (still) => graph(perspective(still)) },
  ];
}

async function* ourFrames(kernel: Kernel, still: string): AsyncIterable<Uint8Array> {
  const picture = await readStill(still, { left: 0, top: 0, ...size }, size);
  const depth = { width: 2, height: 2, samples: new Float32Array(4) };
  const warp = kernel.load(picture, { ...size, depth, pivot: 0 });
  for (let frame = 0; frame < frameCount; frame++) yield warp.draw(poseAt(frame));
}

function poseAt(frame: number): CameraPose {
  const turn = (2 * Math.PI * frame) / frameCount;
  return {
    zoom: path.zoom + path.zoomSwing * Math.cos(turn),
    panX: path.panX * Math.cos(turn),
    panY: path.panY * Math.sin(turn),
    ...{ roll: 0, parallaxX: 0, parallaxY: 0, dolly: 0 },
  };
}

const turn = `2*PI*on/${frameCount}`;
const zoom = `(${path.zoom}+${path.zoomSwing}*cos(${turn}))`;

function zoompan(still: string): string {
  const scale = 4;
  const move = [
    `z='${zoom}'`,
    `x='iw/2-iw/zoom/2+${scale * path.panX}*cos(${turn})'`,
    `y='ih/2-ih/zoom/2+${scale * path.panY}*sin(${turn})'`,
    `d=${frameCount}:s=${size.width}x${size.height}:fps=${fps}`,
  ].join(":");
  const enlarged = `scale=${scale * size.width}:${scale * size.height}:flags=lanczos`;
  return `movie=${still},format=yuv420p,${enlarged},zoompan=${move}`;
}

function perspective(still: string): string {
  const x = (side: 1 | -1) => `W/2+${side}*W/2/${zoom}+${path.panX}*cos(${turn})`;
  const y = (side: 1 | -1) => `H/2+${side}*H/2/${zoom}+${path.panY}*sin(${turn})`;
  const corners = [
    `x0='${x(-1)}':y0='${y(-1)}':x1='${x(1)}':y1='${y(-1)}'`,
    `x2='${x(-1)}':y2='${y(1)}':x3='${x(1)}':y3='${y(1)}'`,
  ].join(":");
  const held = `loop=loop=${frameCount}:size=1:start=0,fps=${fps}`;
  return `movie=${still},format=yuv420p,${held},perspective=${corners}:sense=source:eval=frame`;
}

async function lumaOf(frames: Frames): Promise<readonly Uint8Array[]> {
  const luma: Uint8Array[] = [];
  for await (const frame of frames) luma.push(frame.slice(0, size.width * size.height));
  return luma;
}

/** All that it takes from the still's file to the clip's. */
async function timed(media: Media, rival: Rival, still: string, clip: string) {
  const { ownMs, childrenMs } = await cpuOf(async () => {
    const threads = localEngine.encoderThreads;
    const encoder = media.encodeRaw({ path: clip, ...size, fps, threads });
    for await (const frame of rival.draw(still)) await encoder.write(frame);
    await encoder.finish();
  });
  return { cpuMs: ownMs + childrenMs, bytes: Bun.file(clip).size };
}

function figuresOf(outcomes: ReadonlyMap<string, Outcome>): readonly Figure[] {
  const ours = outcomes.get("ours");
  if (!ours) throw new Error("the engine was not measured");
  return [...outcomes].flatMap(([name, outcome]) => {
    const row = (what: string, unit: string, key: keyof Outcome): Figure => ({
      ...{ goal: "", name: `${what} against ${name}`, unit, ours: ours[key], target: undefined },
      anchor: { name, value: outcome[key] },
    });
    if (name === "ours") return [];
    return [
      { ...row("acceleration noise", "px/frame²", "accelerationNoise"), target: { ratioMax: 1 } },
      { ...row("processor time", "CPU ms", "cpuMs"), target: { ratioMax: 1 } },
      row("size", "bytes", "bytes"),
    ];
  });
}
