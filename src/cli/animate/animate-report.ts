import { AppError, toAppError } from "../../errors.ts";
import { describeSeam, isSeamlessFile, type Seam } from "../../loop/seam.ts";
import type { MadeFile, OneShotResult } from "../../pipeline/one-shot.ts";
import type { CoarseMap, Plan } from "../../scene/plan.ts";
import type { AnimateFiles } from "./animate-files.ts";

export interface MadeClips {
  readonly files: AnimateFiles;
  readonly result: OneShotResult;
  readonly seed: number;
  readonly tookMs: number;
}

/** One line for each file that was made, as text. */
export function describeMade({ files, result, tookMs }: MadeClips): readonly string[] {
  const { clip, seam } = result;
  const frames = `, ${clip.frames} frames at ${clip.fps}/s`;
  const closing = seam ? `, seam ${judge(seam)} (${describeClosing(seam)})` : "";
  const took = `, in ${(tookMs / 1000).toFixed(1)} s`;
  const lines = result.files.map((file, at) => {
    const size = `${file.width}×${file.height}${isClip(file) ? frames : ""}`;
    const bytes = `, ${(file.bytes / 1000).toFixed(0)} kB`;
    return `${file.path}  ${size}${bytes}${at === 0 ? closing + took : ""}`;
  });
  return files.comparePath === undefined ? lines : [...lines, files.comparePath];
}

/** One JSON object for each file that was made. */
export function describeMadeAsJson({ files, result, seed, tookMs }: MadeClips): readonly string[] {
  const { clip, seam, vision } = result;
  return result.files.map((file) =>
    JSON.stringify({
      input: files.sourcePath,
      output: file.path,
      format: file.format,
      bytes: file.bytes,
      width: file.width,
      height: file.height,
      fps: isClip(file) ? clip.fps : null,
      frames: isClip(file) ? clip.frames : null,
      duration_ms: Math.round(clip.durationSeconds * 1000),
      seed,
      seam: seam ? describeSeam(seam) : null,
      seam_verdict: seam ? judge(seam) : null,
      caption: vision.sight.caption,
      prompt: vision.prompt,
      plan: withoutMaps(vision.plan),
      compare: files.comparePath ?? null,
      took_ms: Math.round(tookMs),
    }),
  );
}

/** Why a picture of many has no clip: one line, and as JSON where that was asked for. */
export function describeFailure({ name, sourcePath }: AnimateFiles, thrown: unknown) {
  const { code, message } = toAppError(thrown);
  const told =
    thrown instanceof AppError ? message + adviceOn(message) : `unexpected error: ${thrown}`;
  return {
    text: `${name}: ${told}`,
    json: JSON.stringify({ input: sourcePath, error: { code, message: told } }),
  };
}

/** The public text names the type alone; who sits at a terminal is told what to give instead. */
function adviceOn(message: string): string {
  return message.startsWith("unsupported type") ? "; give a jpg, png or webp picture" : "";
}

/** Animated images are thinned out: how much is theirs to say. */
function isClip({ format }: MadeFile): boolean {
  return format === "mp4" || format === "av1";
}

function judge(seam: Seam): "good" | "visible" {
  return isSeamlessFile(seam) ? "good" : "visible";
}

/** Either figure may be large alone: small motion has small steps, and large motion large ones. */
function describeClosing({ sr, delta }: Seam): string {
  return `${(delta * 100).toFixed(1)} % unlike, ${sr.toFixed(1)} of a frame step`;
}

/** A plan as people read it: of its maps only how large they are. */
function withoutMaps({ people, depth, ...plan }: Plan) {
  const sizeOf = (map: CoarseMap) => ({ width: map.width, height: map.height });
  return {
    ...plan,
    ...(people && { people: sizeOf(people) }),
    ...(depth && { depth: sizeOf(depth) }),
  };
}
