import { fieldAt, nodeBytes } from "./field";
import {
  Camera,
  meshColumns,
  meshRows,
  projectedX,
  projectedY,
  projectVertex,
  storeVertex,
} from "./mesh";

/**
 * The mesh of a picture in which things move by themselves. Fields lie over the picture, not over
 * the frame, so that what moves stays where it is in the picture when the camera moves.
 */

/** A field's place is part of the interface: the caller writes them as one block. */
// @ts-ignore: decorator
@unmanaged
export class Ambience {
  /** Nodes across and down the picture. */
  columns: i32;
  rows: i32;
  /** Per node: shift to the right and down in output pixels, gain of luma, nothing. */
  sum: usize;
  /** Per node: reach in output pixels, phase in turns, nothing twice. 0 when nothing drifts. */
  drift: usize;
  /** Meshes of the drift's second phase. */
  driftLumaMesh: usize;
  driftChromaMesh: usize;
  /** Per vertex, 15 fractional bits: the gain of luma, and the share of the second phase. */
  gains: usize;
  shares: usize;
  /** How far the drift is, in turns. */
  turn: f32;
}

/** Where both phases of a drift are nearer than this, in output pixels, one of them will do. */
const reachMin: f32 = 0.1;

const fractionScale: f32 = 32767.0;

export function buildLivingMesh(
  camera: Camera,
  ambience: Ambience,
  lumaMesh: usize,
  chromaMesh: usize,
): void {
  const columns = meshColumns(camera);
  const rows = meshRows(camera);
  const scaleX = <f64>(ambience.columns - 1) / camera.width;
  const scaleY = <f64>(ambience.rows - 1) / camera.height;
  let vertex: i32 = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      projectVertex(camera, column, row);
      const placeX = placeOf(projectedX(), scaleX, ambience.columns);
      const placeY = placeOf(projectedY(), scaleY, ambience.rows);
      liveVertex(camera, ambience, vertex, placeX, placeY, lumaMesh, chromaMesh);
      vertex++;
    }
  }
}

// @ts-ignore: decorator
@inline
function liveVertex(
  camera: Camera,
  ambience: Ambience,
  vertex: i32,
  placeX: f32,
  placeY: f32,
  lumaMesh: usize,
  chromaMesh: usize,
): void {
  const left = min(<i32>placeX, ambience.columns - 2);
  const top = min(<i32>placeY, ambience.rows - 2);
  const weightX = placeX - <f32>left;
  const weightY = placeY - <f32>top;
  const offset = (top * ambience.columns + left) * nodeBytes;
  const moved = fieldAt(ambience.sum + offset, ambience.columns, weightX, weightY);
  const liveX = projectedX() + <f64>f32x4.extract_lane(moved, 0);
  const liveY = projectedY() + <f64>f32x4.extract_lane(moved, 1);
  storeFraction(ambience.gains, vertex, f32x4.extract_lane(moved, 2));
  const bytes = <usize>(vertex << 3);
  if (ambience.drift == 0) {
    storeVertex(camera, liveX, liveY, lumaMesh + bytes, chromaMesh + bytes);
    return;
  }
  const drift = fieldAt(ambience.drift + offset, ambience.columns, weightX, weightY);
  const reach = f32x4.extract_lane(drift, 0);
  const turns = ambience.turn + f32x4.extract_lane(drift, 1);
  const turn = turns - floor(turns);
  const first = liveX + <f64>(reach * (turn - 0.5));
  const second = liveX + <f64>(reach * (turn < 0.5 ? turn : turn - 1.0));
  storeVertex(camera, first, liveY, lumaMesh + bytes, chromaMesh + bytes);
  storeVertex(
    camera,
    second,
    liveY,
    ambience.driftLumaMesh + bytes,
    ambience.driftChromaMesh + bytes,
  );
  storeFraction(ambience.shares, vertex, abs(reach) < reachMin ? 0.0 : secondShare(turn));
}

/** A coordinate from the picture's centre, in output pixels, as a place on the grid of nodes. */
// @ts-ignore: decorator
@inline
function placeOf(coordinate: f64, scale: f64, nodes: i32): f32 {
  const last = <f64>(nodes - 1);
  return <f32>min(max(coordinate * scale + 0.5 * last, 0.0), last);
}

/**
 * All of the second phase where the first one jumps from its end to its start, and none where the
 * second does. Smooth at both, because a kink would be seen as a jerk of the whole sky.
 */
// @ts-ignore: decorator
@inline
function secondShare(turn: f32): f32 {
  const distance: f32 = abs<f32>(2.0 * turn - 1.0);
  const rest: f32 = 3.0 - 2.0 * distance;
  return distance * distance * rest;
}

// @ts-ignore: decorator
@inline
function storeFraction(fractions: usize, vertex: i32, value: f32): void {
  const fraction = min(max(value * fractionScale, -fractionScale), fractionScale);
  store<i16>(fractions + (vertex << 1), <i16>nearest(fraction));
}
