import { rm } from "node:fs/promises";
import { AppError } from "../../errors.ts";
import type {
  ClipInfo,
  DecodeSpec,
  EncodeSpec,
  FrameEncoder,
  GraphSpec,
  Media,
  MediaOptions,
  MediaTool,
} from "../media.ts";
import { setAvifLoop } from "../mp4/avif-loop.ts";
import { probeClip } from "../mp4/probe.ts";
import { decodeRecipe, encodeRecipe, graphRecipe, type Recipe, remuxRecipe } from "./recipe.ts";
import { getRenditionEncoder } from "./rendition-encoder.ts";
import { startToolProcess, type ToolProcess } from "./tool-process.ts";
import { transcodeRecipe } from "./transcode-recipe.ts";

/** How a tool is told a recipe: as arguments, or as the first line of its input. */
export type Invoke = (recipe: Recipe) => {
  readonly argv: readonly string[];
  readonly firstLine?: string;
};

/** Media whose every operation is one process that may be killed. */
export function createProcessMedia(tool: MediaTool, invoke: Invoke): Media {
  const start = (recipe: Recipe, options: MediaOptions) => {
    const { argv, firstLine } = invoke(recipe);
    const process = startToolProcess(argv, options);
    // When this cannot be written the process is gone, and its end says why.
    if (firstLine !== undefined) process.write(`${firstLine}\n`).catch(() => {});
    return process;
  };
  return {
    tool,
    encodeRaw: (spec, options = {}) =>
      createFrameEncoder(start(encodeRecipe(spec), options), spec, options),
    async *decodeRaw(spec, options = {}) {
      const clip = await probeClip(spec.path, options);
      yield* decodedFrames(start(decodeRecipe(spec), options), spec, clip, options);
    },
    probe: (path, options = {}) => probeClip(path, options),
    async remux(spec, options = {}) {
      const process = start(remuxRecipe(spec), options);
      await process.endInput();
      await fileDone(process, spec.to, options);
    },
    async transcode(spec, options = {}) {
      const encoder = getRenditionEncoder(tool, spec.format);
      const process = start(transcodeRecipe(spec, encoder), options);
      await process.endInput();
      await fileDone(process, spec.to, options);
      if (spec.format === "avif") await setAvifLoop(spec.to, spec.loops);
    },
    async *graph(spec, options = {}) {
      yield* graphFrames(start(graphRecipe(spec), options), spec, options);
    },
  };
}

function createFrameEncoder(
  process: ToolProcess,
  spec: EncodeSpec,
  options: MediaOptions,
): FrameEncoder {
  const frameBytes = bytesPerFrame(spec, "yuv420p");
  const done = fileDone(process, spec.path, options);
  return {
    async write(frame) {
      if (frame.length !== frameBytes) {
        throw new RangeError(`a frame has ${frameBytes} bytes; this one has ${frame.length}`);
      }
      try {
        await process.write(frame);
      } catch (error) {
        // Not before what was written is removed.
        await done.catch(() => {});
        throw error;
      }
    },
    async finish() {
      await process.endInput();
      await done;
    },
    async abort() {
      process.kill();
      await done.catch(() => {});
      await rm(spec.path, { force: true });
    },
  };
}

/** Waits for a process that writes a file. What a failed one leaves behind is removed. */
function fileDone(process: ToolProcess, path: string, options: MediaOptions): Promise<void> {
  const settle = async () => {
    try {
      await Promise.all([process.ended, followProgress(process.output, options.onProgress)]);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  };
  const done = settle();
  // Who is still writing frames hears of it there first.
  done.catch(() => {});
  return done;
}

async function* decodedFrames(
  process: ToolProcess,
  spec: DecodeSpec,
  clip: ClipInfo,
  options: MediaOptions,
): AsyncGenerator<Uint8Array> {
  const size = { width: spec.width ?? clip.width, height: spec.height ?? clip.height };
  const framesExpected = spec.frame === undefined ? clip.frames : 1;
  yield* rawFrames(process, bytesPerFrame(size, spec.pixelFormat), framesExpected, options);
}

async function* graphFrames(
  process: ToolProcess,
  spec: GraphSpec,
  options: MediaOptions,
): AsyncGenerator<Uint8Array> {
  yield* rawFrames(process, bytesPerFrame(spec, spec.pixelFormat), spec.frames, options);
}

/** Cuts the output into frames, each in memory of its own, and counts them. */
async function* rawFrames(
  process: ToolProcess,
  frameBytes: number,
  framesExpected: number,
  { onProgress }: MediaOptions,
): AsyncGenerator<Uint8Array> {
  let frames = 0;
  try {
    await process.endInput();
    let frame = new Uint8Array(frameBytes);
    let filled = 0;
    for await (const chunk of process.output) {
      for (let offset = 0; offset < chunk.length; ) {
        const part = chunk.subarray(offset, offset + frameBytes - filled);
        frame.set(part, filled);
        filled += part.length;
        offset += part.length;
        if (filled < frameBytes) continue;
        yield frame;
        frames++;
        onProgress?.(frames);
        frame = new Uint8Array(frameBytes);
        filled = 0;
      }
    }
    await process.ended;
    if (frames !== framesExpected || filled > 0) {
      const message = `the clip has ${frames} frames where ${framesExpected} were expected`;
      throw new AppError("i2v_failed", message);
    }
  } finally {
    // Who stops reading early wants no more of it.
    process.kill();
  }
}

/** Reads `frame=12` lines; both kinds of tool write them. */
async function followProgress(
  output: ReadableStream<Uint8Array>,
  onProgress: MediaOptions["onProgress"],
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  let reported = 0;
  for await (const chunk of output) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()?.slice(0, 1024) ?? "";
    for (const line of lines) {
      const frames = Number(/^frame=\s*(\d+)/.exec(line)?.[1] ?? 0);
      if (frames > reported) onProgress?.(frames);
      reported = Math.max(reported, frames);
    }
  }
}

function bytesPerFrame(
  { width, height }: { readonly width: number; readonly height: number },
  pixelFormat: DecodeSpec["pixelFormat"],
): number {
  if (pixelFormat === "gray") return width * height;
  if (pixelFormat === "rgb24") return 3 * width * height;
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}
