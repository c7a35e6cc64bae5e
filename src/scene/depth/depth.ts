import type { RgbPicture } from "../../kernel/planes.ts";
import { readCoarseMap } from "../coarse-map.ts";
import { boxMean } from "../field/box-mean.ts";
import { readChannels } from "../field/channels.ts";
import { clamp, createField, type Field, mapField, sampleField } from "../field/field.ts";
import { guidedFilter } from "../field/guided-filter.ts";
import { stretch } from "../field/histogram.ts";
import type { StraightLine } from "../lines/line.ts";
import { findStraightLines } from "../lines/straight-lines.ts";
import type { Box, CoarseMap, Plan } from "../plan.ts";
import type { Scene } from "../scene.ts";
import { groundField } from "./ground.ts";
import { flattenBoxes } from "./rigid.ts";
import { limitSlope } from "./slope-limit.ts";
import { standUpright } from "./standing.ts";
import { straighten } from "./straighten.ts";

/** How near everything in a still is, and what of it must stay straight. */
export interface Relief {
  /** 0 far to 1 near, of the thumbnail's size. */
  readonly depth: Field;
  /** In the thumbnail's pixels. */
  readonly lines: readonly StraightLine[];
}

export interface ReliefRequest {
  readonly thumbnail: Readonly<RgbPicture>;
  /** What `analyseScene` saw in the same thumbnail. */
  readonly scene: Scene;
  readonly plan: Pick<Plan, "people" | "rigid" | "depth">;
  /** How much nearer one pixel of the thumbnail may be than the next. */
  readonly slopeMax: number;
}

/** Below both of these nothing says what is near and what is far. */
const confidenceMin = 0.2;

/**
 * How near everything in a still is: from the plan's depth model when it has one, else guessed
 * from where the ground lies, what stands out and what is in focus. Faces have one depth each,
 * straight lines lie on a plane, and no slope is steeper than asked for. Undefined for what has to
 * move as one sheet: drawings, and stills of which nothing can be said.
 */
export function estimateRelief(request: ReliefRequest): Relief | undefined {
  const { thumbnail, scene, plan, slopeMax } = request;
  if (scene.kind === "graphic") return undefined;
  const channels = readChannels(thumbnail);
  const { luma } = channels;
  const known = nearnessOf(request, luma);
  if (!known) return undefined;
  const faces = plan.rigid ?? [];
  const lines = findStraightLines(channels).filter((line) => !isByFace(line, luma, faces));
  const gentle = limitSlope(known, slopeMax);
  const straight = soften(straighten(gentle, lines));
  const depth = flattenBoxes(straight, faces, slopeMax);
  return { depth, lines };
}

/** Rounds the rims of planes, and leaves planes what they are: as wide as lines lie on them. */
function soften(field: Field): Field {
  return boxMean(boxMean(field, 2), 2);
}

/** A face and this much of its size around it, where depth goes over into that of the face. */
const faceMargin = 1;

/** Whether a line is part of a person rather than of a building: the face's own depth wins. */
function isByFace(line: StraightLine, { width, height }: Field, faces: readonly Box[]): boolean {
  return faces.some((box) => {
    const [left, right] = [
      box.left - faceMargin * box.width,
      box.left + (1 + faceMargin) * box.width,
    ];
    const [top, bottom] = [
      box.top - faceMargin * box.height,
      box.top + (1 + faceMargin) * box.height,
    ];
    return [0, 0.25, 0.5, 0.75, 1].some((along) => {
      const x = (line.fromX + (line.toX - line.fromX) * along) / width;
      const y = (line.fromY + (line.toY - line.fromY) * along) / height;
      return x > left && x < right && y > top && y < bottom;
    });
  });
}

function nearnessOf({ scene, plan }: ReliefRequest, luma: Field): Field | undefined {
  const model = fieldFrom(plan.depth, luma);
  if (model) return smoothAlong(luma, model);
  const people = fieldFrom(plan.people, luma);
  const isVague =
    scene.horizon.confidence < confidenceMin && scene.saliency.confidence < confidenceMin;
  if (isVague && !people) return undefined;
  const guessed = guessDepth(scene, luma);
  return people ? bringForward(guessed, smoothAlong(luma, people)) : guessed;
}

/** A plan's map at the size of the thumbnail. */
function fieldFrom(map: CoarseMap | undefined, size: Field): Field | undefined {
  const coarse = map && readCoarseMap(map);
  if (!coarse) return undefined;
  return mapField(createField(size), (_, index) => {
    const x = ((index % size.width) + 0.5) / size.width;
    return sampleField(coarse, x, (Math.floor(index / size.width) + 0.5) / size.height);
  });
}

/** Draws the edges of a coarse map to those of the picture. */
function smoothAlong(luma: Field, coarse: Field): Field {
  const radius = Math.max(2, Math.round(luma.width / 40));
  return mapField(guidedFilter(luma, coarse, { radius, evenness: 0.002 }), (value) => clamp(value));
}

/** Depth from the picture alone. */
function guessDepth(scene: Scene, luma: Field): Field {
  const evidence = weighEvidence(scene);
  const pushed = mapField(evidence, (depth, index) => {
    return depth * (1 - backdropPush * (scene.backdrop.mask.samples[index] as number));
  });
  const standing = standUpright(pushed, luma, scene);
  const { width } = luma;
  const coarse = { radius: Math.round(width / 14), evenness: 0.004 };
  const fine = { radius: Math.round(width / 24), evenness: 0.002 };
  const filtered = guidedFilter(luma, guidedFilter(luma, standing, coarse), fine);
  return stretch(filtered, 0.01, 0.99);
}

/** How much farther a backdrop is than the ground would say. */
const backdropPush = 0.9;

/** The ground's depth, and nearer what stands out or is in focus, as far as those are sure. */
function weighEvidence({ horizon, saliency, focus, width, height }: Scene): Field {
  const salient = 0.9 * saliency.confidence;
  const sharp = 0.5 * focus.confidence;
  const total = 1 + 0.6 * salient + 0.35 * sharp;
  return mapField(groundField({ width, height }, horizon), (ground, index) => {
    const subject = (saliency.field.samples[index] as number) * (0.35 + 0.78 * ground);
    const focused = (focus.field.samples[index] as number) * (0.3 + 0.7 * ground);
    return (ground + salient * subject + sharp * focused) / total;
  });
}

/** People are in front of what is around them, and nearer at their feet. */
function bringForward(depth: Field, people: Field): Field {
  const { width, height } = depth;
  return mapField(depth, (own, index) => {
    const share = people.samples[index] as number;
    const near = 0.72 + (0.25 * Math.floor(index / width)) / height;
    return 0.45 * own * (1 - share) + near * share;
  });
}
