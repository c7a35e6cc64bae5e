import { AppError } from "../errors.ts";
import type { RgbPicture } from "../kernel/planes.ts";
import { analyseScene, thumbnailSide } from "../scene/analyse.ts";
import { findFocalPoint } from "../scene/focal.ts";
import { subjectsIn } from "../scene/parts/saliency.ts";
import type { CoarseMap, Point } from "../scene/plan.ts";
import type { Scene } from "../scene/scene.ts";
import type { NsfwVerdict, Sight, Subject } from "../scene/sight.ts";
import { readThumbnail } from "../scene/still.ts";
import { findPalette, measureLight, nameColourOf } from "./colours.ts";
import type { DepthNet } from "./depth-net.ts";
import { captionOf, labelsOf } from "./describe.ts";
import type { Evidence } from "./evidence.ts";
import { type Face, faceInputSide, readFaces } from "./faces.ts";
import type { Look, LookRequest } from "./look.ts";
import type { Nets } from "./nets.ts";
import { judgeNsfw } from "./nsfw.ts";
import { mapPeople, type People, peopleInputSide } from "./people.ts";
import { planCamera } from "./plan-camera.ts";
import { cropMiddle, fitInside, squash } from "./views.ts";

export interface LookTools {
  readonly nets: Nets;
  /** Undefined where the operator gave no depth model. */
  readonly depthNet: (() => Promise<DepthNet>) | undefined;
  /** Undefined: nobody looks. */
  readonly nsfwThreshold: number | undefined;
}

/** The long side of the picture that the nets' views are made of. */
const pictureSide = 512;
const nsfwInputSide = 224;
const subjectsMax = 16;

/**
 * Looks at a still and says what is in it and how it should move.
 * @throws AppError `vision_blocked`, `source_unsupported`, `cancelled`.
 */
export async function lookAtStill(
  tools: LookTools,
  { sourcePath, motion }: LookRequest,
  signal: AbortSignal,
): Promise<Look> {
  const picture = await readThumbnail(sourcePath, pictureSide);
  checkCancelled(signal);
  const nsfw = await judge(tools, picture);
  if (nsfw?.decision === "block") throw new AppError("vision_blocked", "NSFW source");
  checkCancelled(signal);
  const faces = await findFaces(tools, picture);
  const people = faces.length === 0 ? undefined : await findPeople(tools, picture, faces);
  checkCancelled(signal);
  const thumbnail = await readThumbnail(sourcePath, thumbnailSide);
  const scene = analyseScene(thumbnail);
  const depth = await findDepth(tools, picture, scene);
  checkCancelled(signal);
  const palette = findPalette(thumbnail);
  const evidence: Evidence = {
    ...{ scene, faces, people, depth, nsfw },
    focal: roundedPoint(await findFocal(sourcePath, faces, scene, signal)),
    light: measureLight(thumbnail),
    palette: palette.map(({ hex }) => hex),
    colourNames: [...new Set(palette.map(({ name }) => name))],
    backdropColour:
      scene.backdrop.share > 0 ? nameColourOf(thumbnail, scene.backdrop.mask) : undefined,
  };
  return { sight: sightOf(evidence), plan: planCamera(evidence, motion) };
}

async function judge(
  { nets, nsfwThreshold }: LookTools,
  picture: RgbPicture,
): Promise<NsfwVerdict | null> {
  if (nsfwThreshold === undefined) return null;
  const views = { squashed: squash, middle: cropMiddle };
  return judgeNsfw(
    async (view) => nets.classify(await views[view](picture, nsfwInputSide)),
    nsfwThreshold,
  );
}

async function findFaces({ nets }: LookTools, picture: RgbPicture): Promise<readonly Face[]> {
  const outputs = await nets.detectFaces(await fitInside(picture, faceInputSide));
  return readFaces(outputs, picture);
}

async function findPeople(
  { nets }: LookTools,
  picture: RgbPicture,
  faces: readonly Face[],
): Promise<People> {
  const marked = await nets.segmentPeople(await squash(picture, peopleInputSide));
  return mapPeople(
    marked,
    faces.map(({ box }) => box),
  );
}

/** A drawing moves as one sheet: how near its parts are is of no use. */
async function findDepth(
  { depthNet }: LookTools,
  picture: RgbPicture,
  { kind }: Scene,
): Promise<CoarseMap | undefined> {
  if (depthNet === undefined || kind === "graphic") return undefined;
  return (await depthNet()).estimate(picture);
}

/** Faces, what stands out, what catches the eye, the middle: the first of these that there is. */
async function findFocal(
  path: string,
  faces: readonly Face[],
  { kind, saliency }: Scene,
  signal: AbortSignal,
): Promise<Point> {
  if (faces.length > 0) return middleOf(faces);
  if (kind === "photo" && saliency.focal) return saliency.focal;
  return findFocalPoint(path, { signal });
}

/** The mean of the faces' middles, weighted by their areas. */
function middleOf(faces: readonly Face[]): Point {
  let [total, x, y] = [0, 0, 0];
  for (const { box } of faces) {
    const area = box.width * box.height;
    total += area;
    x += area * (box.left + box.width / 2);
    y += area * (box.top + box.height / 2);
  }
  return { x: x / total, y: y / total };
}

function sightOf(evidence: Evidence): Sight {
  const { scene, light, depth } = evidence;
  const { horizon, saliency, focus } = scene;
  const guess = Math.max(horizon.confidence, saliency.confidence, focus.confidence);
  return {
    nsfw: evidence.nsfw,
    focal: evidence.focal,
    subjects: subjectsOf(evidence),
    horizon: { y: rounded(horizon.y), confidence: rounded(horizon.confidence) },
    skyFraction: rounded(scene.sky.share),
    palette: evidence.palette,
    brightness: light.brightness,
    contrast: light.contrast,
    depthConfidence: scene.kind === "graphic" ? 0 : depth === undefined ? rounded(guess) : 1,
    labels: labelsOf(evidence),
    caption: captionOf(evidence),
  };
}

function subjectsOf({ scene, faces, people }: Evidence): readonly Subject[] {
  const { field, confidence } = scene.saliency;
  const objects =
    faces.length > 0 || scene.kind === "graphic" || confidence === 0 ? [] : subjectsIn(field);
  return [
    ...faces.map(({ box, score }) => ({ kind: "face", box, score }) as const),
    ...(people?.box
      ? [{ kind: "person", box: people.box, score: faces[0]?.score ?? 0 } as const]
      : []),
    ...objects.map(({ left, right, top, bottom }) => ({
      kind: "object" as const,
      box: {
        left: rounded(left / field.width),
        top: rounded(top / field.height),
        width: rounded((right - left + 1) / field.width),
        height: rounded((bottom - top + 1) / field.height),
      },
      score: rounded(confidence),
    })),
  ].slice(0, subjectsMax);
}

function checkCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError("cancelled", "the look was cancelled");
}

function roundedPoint({ x, y }: Point): Point {
  return { x: rounded(x), y: rounded(y) };
}

/** Machines add in different orders: the last digits say nothing. */
function rounded(share: number): number {
  return Math.round(share * 1e4) / 1e4;
}
