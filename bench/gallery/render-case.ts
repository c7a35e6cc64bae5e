import { mkdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { drawContactSheet } from "../../src/cli/animate/contact-sheet.ts";
import type { OneShot } from "../../src/cli/animate/one-shot.ts";
import { createKernel } from "../../src/kernel/kernel.ts";
import { measureClip } from "../../src/loop/measure-clip.ts";
import { measureSeam, type Seam } from "../../src/loop/seam.ts";
import type { RenderRequest } from "../../src/motion/render.ts";
import { renderClip } from "../../src/motion/render-clip.ts";
import { localEngine, renderRequestOf } from "../../src/providers/local-motion.ts";
import type { MotionRequest } from "../../src/providers/motion.ts";
import type { VisionResult } from "../../src/providers/vision.ts";
import { analyseScene, thumbnailSide } from "../../src/scene/analyse.ts";
import type { Plan } from "../../src/scene/plan.ts";
import { readThumbnail } from "../../src/scene/still.ts";
import { fileOf, type GalleryCase, type GalleryOptions } from "./cases.ts";
import { type Recorded, recordKernel } from "./recording-kernel.ts";
import { measureFlicker } from "./sharpness.ts";

/** What is known of a clip of the gallery, kept beside it as JSON. */
export interface CaseRecord {
  /** Stands for everything that the clip was made of. */
  readonly key: string;
  readonly fixture: string;
  readonly motion: string;
  readonly mode: string;
  /** Why there is no clip. */
  readonly error?: string;
  readonly made?: CaseFigures;
}

export interface CaseFigures {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  /** Sight, and then everything up to the finished file. */
  readonly sightMs: number;
  readonly renderMs: number;
  readonly kind: string;
  readonly caption: string;
  readonly plan: Omit<Plan, "people" | "depth"> & { readonly maps: readonly string[] };
  /** Of the frames as they were drawn, and of the file. */
  readonly rawSeam: Seam;
  readonly seam: Seam;
  readonly jacobianMin: number;
  readonly parallaxMax: number;
  readonly zoom: readonly [number, number];
  readonly flicker: number;
}

const { signal } = new AbortController();

/** Renders one case, measures it, draws its sheet; a clip that cannot be made is recorded, too. */
export async function renderCase(
  maker: OneShot,
  options: GalleryOptions,
  asked: GalleryCase,
  key: string,
): Promise<CaseRecord> {
  const { fixture, motion, mode } = asked;
  const record = { key, fixture: fixture.name, motion, mode };
  const path = (extension: string) => join(options.folder, fileOf(asked, extension));
  await mkdir(dirname(path("mp4")), { recursive: true });
  try {
    const made = await makeClip(maker, options, asked, path);
    await keep(path("json"), { ...record, made });
    return { ...record, made };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    await keep(path("json"), { ...record, error });
    return { ...record, error };
  }
}

async function makeClip(
  { media, vision }: OneShot,
  { longSide, seconds, seed }: GalleryOptions,
  { fixture, motion, mode }: GalleryCase,
  path: (extension: string) => string,
): Promise<CaseFigures> {
  const sourcePath = await fixture.path();
  const asked = { sourcePath, motion, mode, prompt: undefined, brand: undefined };
  const startedMs = performance.now();
  const seen = await vision.describe(asked, signal);
  const seenMs = performance.now();
  const clipRequest: MotionRequest = {
    ...{ generationId: "gallery", stage: "single", outputPath: path("mp4") },
    ...{ sourcePath, motion, mode, seed, prompt: seen.prompt, plan: seen.plan },
    ...{ aspect: "preserve", durationSeconds: seconds },
  };
  const request = renderRequestOf(clipRequest, longSide);
  const recording = recordKernel(await createKernel());
  const { encoderThreads } = localEngine;
  const deps = { kernel: recording.kernel, media, encoderThreads };
  await renderClip(deps, request, { signal, onProgress: () => {} });
  const renderedMs = performance.now();
  const clip = await media.probe(request.outputPath, { signal });
  const sheet = { ...request, clipPath: request.outputPath, clip, signal };
  await Bun.write(path("png"), await drawContactSheet(media, sheet));
  return {
    ...(await figuresOf(recording.recorded(), request, seen)),
    ...{ width: clip.width, height: clip.height, bytes: Bun.file(path("mp4")).size },
    ...{ sightMs: seenMs - startedMs, renderMs: renderedMs - seenMs },
    seam: await measureClip(media, request.outputPath, signal),
  };
}

async function figuresOf(
  recorded: Recorded,
  { sourcePath, mode }: Pick<RenderRequest, "sourcePath" | "mode">,
  seen: VisionResult,
) {
  const { luma, width, height, jacobianMin, parallaxMax, zoomMin, zoomMax } = recorded;
  const size = { width, height };
  const scene = analyseScene(await readThumbnail(sourcePath, thumbnailSide));
  const { people, depth, ...plan } = seen.plan;
  const maps = [people && "people", depth && "depth"].filter((name) => name !== undefined);
  return {
    kind: scene.kind,
    caption: `${seen.sight.caption}: ${seen.prompt}`,
    plan: { ...plan, maps },
    rawSeam: await measureSeam(luma, size),
    ...{ jacobianMin, parallaxMax },
    zoom: [zoomMin, zoomMax] as const,
    flicker: measureFlicker(luma, size, mode === "animate-in" ? "elsewhere" : "where-it-begins"),
  };
}

/** A run that is stopped in the midst must not leave half a record. */
async function keep(path: string, record: CaseRecord): Promise<void> {
  await Bun.write(`${path}.part`, JSON.stringify(record, undefined, 2));
  await rename(`${path}.part`, path);
}
