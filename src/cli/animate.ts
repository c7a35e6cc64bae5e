import { existsSync, statSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { parseConfig } from "../config.ts";
import { AppError } from "../errors.ts";
import { describeSeam } from "../loop/seam.ts";
import type { OneShotRequest, OneShotResult } from "../pipeline/one-shot.ts";
import type { Aspect, Mode, Motion } from "../scene/plan.ts";
import { type ExitCode, exitCodes } from "./exit-code.ts";
import { type Io, say } from "./io.ts";
import { openOneShot } from "./one-shot.ts";
import { createProgress } from "./progress.ts";

export interface AnimateOptions {
  readonly output?: string;
  readonly mode: Mode;
  readonly motion: Motion;
  readonly dur: number;
  readonly seed: number;
  readonly aspect: Aspect;
  /** The clip's long side in pixels. */
  readonly size: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

/**
 * Makes one clip and says on stdout what it is.
 * @throws AppError `invalid_request` for files that are not there or would be replaced, and
 * whatever the pipeline throws; nothing is left behind then.
 */
export async function animate(io: Io, picture: string, options: AnimateOptions): Promise<ExitCode> {
  const { config } = parseConfig(io);
  const files = resolveFiles(picture, options);
  const startedAt = io.now();
  const controller = new AbortController();
  const forget = io.onSignal(() => controller.abort(cancelled()));
  const progress = createProgress(io, basename(files.sourcePath));
  const maker = await openOneShot({ media: config.media, longSide: options.size });
  try {
    const result = await maker.animate(requestOf(files, options), {
      signal: controller.signal,
      onProgress: progress.show,
    });
    progress.clear();
    say(io, describe(files.outputPath, result, { ...options, ms: io.now() - startedAt }));
    return exitCodes.ok;
  } catch (error) {
    progress.clear();
    throw controller.signal.aborted ? cancelled() : error;
  } finally {
    forget();
    await maker.close();
  }
}

interface Files {
  readonly sourcePath: string;
  readonly outputPath: string;
}

/** Everything about the files that can be known before the work is looked at before it. */
function resolveFiles(picture: string, options: AnimateOptions): Files {
  if (/^https?:\/\//i.test(picture)) {
    throw refused(
      "animate takes a file, not a URL: download the picture first, or let `motioness serve` " +
        "animate it behind its URL",
    );
  }
  const sourcePath = resolve(picture);
  const found = statSync(sourcePath, { throwIfNoEntry: false });
  if (!found) throw refused(`there is no file ${picture}`);
  if (!found.isFile()) throw refused(`${picture} is no file: expected one picture`);
  const named = basename(picture, extname(picture));
  const outputPath = resolve(options.output ?? `${named}.mp4`);
  if (!outputPath.toLowerCase().endsWith(".mp4")) {
    throw refused(`the output ${outputPath} must end in .mp4`);
  }
  if (!existsSync(dirname(outputPath))) throw refused(`there is no folder ${dirname(outputPath)}`);
  const target = statSync(outputPath, { throwIfNoEntry: false });
  if (target?.isDirectory()) throw refused(`the output ${outputPath} is a folder`);
  if (target && !options.force) {
    throw refused(`${outputPath} is there already: give another -o, or --force to replace it`);
  }
  return { sourcePath, outputPath };
}

function requestOf(files: Files, options: AnimateOptions): OneShotRequest {
  return {
    ...files,
    motion: options.motion,
    mode: options.mode,
    aspect: options.aspect,
    durationSeconds: options.dur,
    seed: options.seed,
    prompt: undefined,
  };
}

function describe(
  outputPath: string,
  { clip, bytes, seam }: OneShotResult,
  options: AnimateOptions & { readonly ms: number },
): string {
  if (options.json) {
    return JSON.stringify({
      output: outputPath,
      bytes,
      width: clip.width,
      height: clip.height,
      fps: clip.fps,
      frames: clip.frames,
      duration_ms: Math.round(clip.durationSeconds * 1000),
      seed: options.seed,
      seam: seam ? describeSeam(seam) : null,
      took_ms: Math.round(options.ms),
    });
  }
  const size = `${clip.width}×${clip.height}, ${clip.frames} frames at ${clip.fps}/s`;
  const closing = seam === undefined ? "" : `, seam ${seam.sr.toFixed(2)}`;
  const took = `${(options.ms / 1000).toFixed(1)} s`;
  return `${outputPath}  ${size}, ${(bytes / 1000).toFixed(0)} kB${closing}, in ${took}`;
}

function refused(message: string): AppError {
  return new AppError("invalid_request", message);
}

function cancelled(): AppError {
  return new AppError("cancelled", "interrupted: no clip was written");
}
