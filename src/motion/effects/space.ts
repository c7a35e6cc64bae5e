import { type Field, sampleField } from "../../scene/field/field.ts";
import type { Region } from "../../scene/parts/region.ts";
import type { Box, Mode, Motion } from "../../scene/plan.ts";
import type { Scene } from "../../scene/scene.ts";
import { pointInWindow } from "../../scene/window.ts";
import type { EffectSpace } from "./effect.ts";
import { createMask, type Mask, placeInStill, rampInside } from "./mask.ts";

/** What is known of a clip and its still where effects are asked for. */
export interface SpaceRequest {
  /** Of a frame, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly motion: Motion;
  readonly mode: Mode;
  readonly seconds: number;
  /** Of the whole upright still. */
  readonly scene: Pick<Scene, "sky" | "water" | "foliage" | "light">;
  /** The part of the still that the clip shows. */
  readonly window: Box;
  /** What must not bend, and where people are; of the whole still. */
  readonly rigid: readonly Box[];
  readonly people: Field | undefined;
}

/** Output pixels between two nodes: as many as between two vertices of the mesh. */
const nodeDistance = 16;

/** Masks are twice as fine as fields. */
const samplesPerNode = 2;

/** A face's box is drawn tightly; this much of its size around it stays still, too. */
const rigidMargin = 0.2;

/** How far from people the light is back to all of its breath, as a share of the width. */
const fadeReach = 0.06;

/** Everything that effects of one clip have in common but their random numbers. */
export function createEffectSpace(request: SpaceRequest): Omit<EffectSpace, "random"> {
  const { width, height, window, scene } = request;
  const columns = Math.ceil(width / nodeDistance) + 1;
  const rows = Math.ceil(height / nodeDistance) + 1;
  const shape = maskShape({ width, height, columns, rows });
  const boxes = request.rigid.map(widened);
  const free = createMask(shape, (x, y) => {
    const [stillX, stillY] = placeInStill(window, x, y);
    if (boxes.some((box) => holds(box, stillX, stillY))) return 0;
    return request.people ? 1 - sampleField(request.people, stillX, stillY) : 1;
  });
  const light = pointInWindow(scene.light, window);
  return { ...request, columns, rows, light, free };
}

/** Where a region of the still is in the crop. */
export function maskOf(space: EffectSpace, region: Region): Mask {
  return createMask(maskShape(space), (x, y) => {
    const [stillX, stillY] = placeInStill(space.window, x, y);
    return sampleField(region.mask, stillX, stillY);
  });
}

function maskShape({
  width,
  height,
  columns,
  rows,
}: Pick<EffectSpace, "width" | "height" | "columns" | "rows">): Omit<Mask, "samples"> {
  const maskColumns = samplesPerNode * (columns - 1) + 1;
  const maskRows = samplesPerNode * (rows - 1) + 1;
  return {
    columns: maskColumns,
    rows: maskRows,
    stepX: width / (maskColumns - 1),
    stepY: height / (maskRows - 1),
  };
}

/** The mask's sample at each node of a field. */
export function atNodes({ columns, rows }: EffectSpace, mask: Mask): Float32Array {
  const samples = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    const start = samplesPerNode * row * mask.columns;
    for (let column = 0; column < columns; column++)
      samples[row * columns + column] = mask.samples[start + samplesPerNode * column] ?? 0;
  }
  return samples;
}

/** 1 far from people and faces, smoothly 0 on them. */
export function faded({ free, width }: EffectSpace): Mask {
  if (free.samples.every((sample) => sample === 1)) return free;
  return rampInside(free, fadeReach * width, { sides: false, ends: false });
}

/** The mask's sample nearest to a place, both axes of the crop 0 to 1. */
export function strengthAt({ columns, rows, samples }: Mask, x: number, y: number): number {
  const at = (share: number, count: number) =>
    Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))));
  return samples[at(y, rows) * columns + at(x, columns)] ?? 0;
}

function widened({ left, top, width, height }: Box): Box {
  return {
    left: left - rigidMargin * width,
    top: top - rigidMargin * height,
    width: width * (1 + 2 * rigidMargin),
    height: height * (1 + 2 * rigidMargin),
  };
}

function holds({ left, top, width, height }: Box, x: number, y: number): boolean {
  return x >= left && x <= left + width && y >= top && y <= top + height;
}
