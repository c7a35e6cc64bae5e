import type { AmbientFields, AmbientMoment } from "../../src/kernel/ambience.ts";
import type { CameraPose, View } from "../../src/kernel/kernel.ts";
import type { SourcePlanes } from "../../src/kernel/planes.ts";

/** Where in the source's luma plane a point of the frame comes from, pixel centres at integers. */
export function projectPoint(
  view: View,
  source: Pick<SourcePlanes, "width" | "height">,
  pose: CameraPose,
  x: number,
  y: number,
  moment?: AmbientMoment,
): readonly [x: number, y: number] {
  const [placeX, placeY] = placeOf(view, pose, x, y);
  const { shiftX, shiftY } = moment
    ? livingAt(view, moment, placeX, placeY)
    : { shiftX: 0, shiftY: 0 };
  return [
    ((placeX + shiftX) / view.width + 0.5) * source.width - 0.5,
    ((placeY + shiftY) / view.height + 0.5) * source.height - 0.5,
  ];
}

/** What the effects do to a place in the picture, in output pixels from its centre. */
export function livingAt(
  { ambience, width, height }: View,
  { weights, turn }: AmbientMoment,
  x: number,
  y: number,
) {
  if (!ambience) throw new Error("the view has no effects");
  const at = (field: Float32Array, part: number) =>
    nodeAt(ambience, field, part, x / width + 0.5, y / height + 0.5);
  const sum = (part: number) =>
    ambience.waves.reduce((all, wave, index) => all + at(wave, part) * (weights[index] ?? 0), 0);
  const reach = ambience.drift ? at(ambience.drift, 0) : 0;
  const turns = turn + (ambience.drift ? at(ambience.drift, 1) : 0);
  const first = turns - Math.floor(turns);
  const distance = Math.abs(2 * first - 1);
  return {
    shiftX: sum(0) + reach * (first - 0.5),
    shiftY: sum(1),
    gain: sum(2),
    secondShiftX: sum(0) + reach * (first < 0.5 ? first : first - 1),
    secondShare: Math.abs(reach) < 0.1 ? 0 : distance ** 2 * (3 - 2 * distance),
  };
}

function nodeAt(
  { columns, rows }: AmbientFields,
  field: Float32Array,
  part: number,
  x: number,
  y: number,
): number {
  const placeX = Math.min(1, Math.max(0, x)) * (columns - 1);
  const placeY = Math.min(1, Math.max(0, y)) * (rows - 1);
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const weight = Math.max(0, 1 - Math.abs(placeX - column));
      const nearness = weight * Math.max(0, 1 - Math.abs(placeY - row));
      sum += nearness * (field[(row * columns + column) * 4 + part] ?? 0);
    }
  }
  return sum;
}

function placeOf(view: View, pose: CameraPose, x: number, y: number) {
  const [fromCentreX, fromCentreY] = [x + 0.5 - view.width / 2, y + 0.5 - view.height / 2];
  const [cosine, sine] = [Math.cos(pose.roll) / pose.zoom, Math.sin(pose.roll) / pose.zoom];
  const rigidX = fromCentreX * cosine - fromCentreY * sine + pose.panX;
  const rigidY = fromCentreX * sine + fromCentreY * cosine + pose.panY;
  let [placeX, placeY] = [rigidX, rigidY];
  for (let iteration = 0; iteration < 2; iteration++) {
    const relief = depthAt(view, placeX, placeY) - view.pivot;
    placeX = rigidX * (1 - pose.dolly * relief) + pose.parallaxX * relief;
    placeY = rigidY * (1 - pose.dolly * relief) + pose.parallaxY * relief;
  }
  return [placeX, placeY] as const;
}

function depthAt({ depth, width, height }: View, x: number, y: number): number {
  const inside = (share: number, count: number) =>
    Math.min(count - 1, Math.max(0, (share + 0.5) * count - 0.5));
  const [mapX, mapY] = [inside(x / width, depth.width), inside(y / height, depth.height)];
  const left = Math.min(depth.width - 2, Math.floor(mapX));
  const top = Math.min(depth.height - 2, Math.floor(mapY));
  let sum = 0;
  for (const [cornerX, cornerY] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const) {
    const weightX = 1 - Math.abs(mapX - left - cornerX);
    const weightY = 1 - Math.abs(mapY - top - cornerY);
    const sample = depth.samples[(top + cornerY) * depth.width + left + cornerX] ?? 0;
    sum += weightX * weightY * sample;
  }
  return sum;
}

/**
 * The smallest factor by which a mesh enlarges or shrinks area in any cell, 1 being the size of
 * the still; at 0 or below the picture folds over itself.
 */
export function jacobianMin(
  mesh: Int32Array,
  view: Pick<View, "width" | "height">,
  source: Pick<SourcePlanes, "width" | "height">,
): number {
  const columns = Math.ceil(view.width / 16) + 1;
  const rows = Math.ceil(view.height / 16) + 1;
  const scaleX = (65536 * 16 * source.width) / view.width;
  const scaleY = (65536 * 16 * source.height) / view.height;
  const at = (column: number, row: number, axis: 0 | 1) =>
    (mesh[(row * columns + column) * 2 + axis] ?? 0) / (axis === 0 ? scaleX : scaleY);
  let smallest = Number.POSITIVE_INFINITY;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const acrossX = at(column + 1, row, 0) - at(column, row, 0);
      const acrossY = at(column + 1, row, 1) - at(column, row, 1);
      const downX = at(column, row + 1, 0) - at(column, row, 0);
      const downY = at(column, row + 1, 1) - at(column, row, 1);
      smallest = Math.min(smallest, acrossX * downY - acrossY * downX);
    }
  }
  return smallest;
}
