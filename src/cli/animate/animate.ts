import { mkdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parseConfig } from "../../config.ts";
import { AppError } from "../../errors.ts";
import type { FinishedClip, OneShotOptions, OneShotRequest } from "../../pipeline/one-shot.ts";
import type { Aspect, Mode, Motion } from "../../scene/plan.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import { type Io, say } from "../io.ts";
import { type AnimateFiles, type ClipFormat, resolveFiles } from "./animate-files.ts";
import { describeFailure, describeMade, describeMadeAsJson } from "./animate-report.ts";
import { drawContactSheet } from "./contact-sheet.ts";
import { type OneShot, openOneShot } from "./one-shot.ts";
import { createProgress, type Progress } from "./progress.ts";

export interface AnimateOptions {
  /** A file for one picture, a folder for several. */
  readonly output?: string;
  readonly format?: readonly ClipFormat[];
  readonly mode: Mode;
  readonly motion: Motion;
  readonly dur: number;
  readonly seed: number;
  readonly aspect: Aspect;
  /** The clip's long side in pixels. */
  readonly size: number;
  /** Pictures at work at once. */
  readonly jobs: number;
  readonly force?: boolean;
  readonly compare?: boolean;
  readonly json?: boolean;
}

/**
 * Makes a clip of each picture and says on stdout what it is. Of many, one that fails is told on
 * stderr and does not stop the others; the exit code says that there was one.
 * @throws AppError `invalid_request` for files that are not there or would be replaced, and, for
 * one picture, whatever the pipeline throws; nothing is left behind then.
 */
export async function animate(
  io: Io,
  pictures: readonly string[],
  options: AnimateOptions,
): Promise<ExitCode> {
  const { config } = parseConfig(io);
  const { pictures: wanted, areMany, skipped } = resolveFiles(pictures, options);
  for (const { name } of skipped) {
    io.stderr.write(`${name}: skipped, its clip is there already (--force makes it anew)\n`);
  }
  if (wanted.length === 0) return exitCodes.ok;
  const controller = new AbortController();
  const forget = io.onSignal(() => controller.abort(cancelled()));
  const workersMax = Math.min(options.jobs, wanted.length);
  const { media, sight } = config;
  const maker = await openOneShot({ media, sight, longSide: options.size, workersMax });
  const label = areMany ? `${wanted.length} pictures` : basename(wanted[0]?.sourcePath ?? "");
  const progress = createProgress(io, label);
  const run = { io, maker, options, progress, signal: controller.signal };
  try {
    return await animateAll(run, wanted, areMany);
  } catch (error) {
    progress.clear();
    throw controller.signal.aborted ? cancelled() : error;
  } finally {
    forget();
    await maker.close();
  }
}

interface Run {
  readonly io: Io;
  readonly maker: OneShot;
  readonly options: AnimateOptions;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** As many at once as there are workers; each takes the next picture that nobody has. */
async function animateAll(
  run: Run,
  pictures: readonly AnimateFiles[],
  areMany: boolean,
): Promise<ExitCode> {
  const { io, options, progress, signal } = run;
  const show = sumProgress(progress, pictures.length);
  const queue = pictures.entries();
  let failures = 0;
  const work = async () => {
    for (const [index, files] of queue) {
      try {
        const lines = await animateOne(run, files, show(index));
        progress.clear();
        for (const line of lines) say(io, line);
      } catch (error) {
        if (signal.aborted) throw error;
        if (!areMany) throw nameFile(files, error);
        failures++;
        progress.clear();
        const { text, json } = describeFailure(files, error);
        if (options.json) say(io, json);
        else io.stderr.write(`${text}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, pictures.length) }, work));
  if (failures === 0) return exitCodes.ok;
  io.stderr.write(`${failures} of ${pictures.length} pictures could not be animated\n`);
  return exitCodes.assetFailed;
}

async function animateOne(
  { io, maker, options, signal }: Run,
  files: AnimateFiles,
  onProgress: NonNullable<OneShotOptions["onProgress"]>,
): Promise<readonly string[]> {
  const startedAt = io.now();
  for (const { path } of files.outputs) mkdirSync(dirname(path), { recursive: true });
  const { sourcePath, comparePath } = files;
  const { motion, mode, aspect } = options;
  let sheet: Uint8Array = new Uint8Array();
  const inspect = async ({ path, clip, vision: { plan } }: FinishedClip) => {
    const request = { sourcePath, clipPath: path, clip, motion, mode, aspect, plan, signal };
    sheet = await drawContactSheet(maker.media, request);
  };
  const result = await maker.animate(requestOf(files, options), {
    signal,
    onProgress,
    ...(comparePath !== undefined && { inspect }),
  });
  if (comparePath !== undefined) await Bun.write(comparePath, sheet);
  const made = { files, result, seed: options.seed, tookMs: io.now() - startedAt };
  return options.json ? describeMadeAsJson(made) : describeMade(made);
}

/** The progress of all pictures as one: each counts as many frames as it has. */
function sumProgress(progress: Progress, pictures: number) {
  const shares = new Float64Array(pictures);
  return (index: number) => (frames: number, framesTotal: number) => {
    shares[index] = frames / framesTotal;
    const done = shares.reduce((sum, share) => sum + share, 0);
    progress.show(Math.round(done * framesTotal), pictures * framesTotal);
  };
}

function requestOf(files: AnimateFiles, options: AnimateOptions): OneShotRequest {
  return {
    sourcePath: files.sourcePath,
    outputs: files.outputs,
    motion: options.motion,
    mode: options.mode,
    aspect: options.aspect,
    durationSeconds: options.dur,
    seed: options.seed,
    prompt: undefined,
  };
}

/** Who asked for one picture is told of it as who asked for many. */
function nameFile(files: AnimateFiles, thrown: unknown): unknown {
  if (!(thrown instanceof AppError)) return thrown;
  return new AppError(thrown.code, describeFailure(files, thrown).text, { cause: thrown });
}

function cancelled(): AppError {
  return new AppError("cancelled", "interrupted: no clip was written");
}
