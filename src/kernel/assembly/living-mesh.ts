import { fieldAt, nodeBytes } from "./field";
import { Camera, meshColumns, meshRows, projectVertex, storeVertex } from "./mesh";

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
const fractionMax: i32 = 32767;

export function buildLivingMesh(
  camera: Camera,
  ambience: Ambience,
  lumaMesh: usize,
  chromaMesh: usize,
): void {
  const columns = meshColumns(camera);
  const rows = meshRows(camera);
  let vertex: i32 = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const place = projectVertex(camera, column, row);
      liveVertex(camera, ambience, vertex, place, lumaMesh, chromaMesh);
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
  place: v128,
  lumaMesh: usize,
  chromaMesh: usize,
): void {
  const onGrid = gridPlace(camera, ambience, place);
  const whole = i32x4.trunc_sat_f32x4_s(onGrid);
  const left = min(i32x4.extract_lane(whole, 0), ambience.columns - 2);
  const top = min(i32x4.extract_lane(whole, 1), ambience.rows - 2);
  const weightX = f32x4.extract_lane(onGrid, 0) - <f32>left;
  const weightY = f32x4.extract_lane(onGrid, 1) - <f32>top;
  const offset = (top * ambience.columns + left) * nodeBytes;
  const moved = fieldAt(ambience.sum + offset, ambience.columns, weightX, weightY);
  const live = f64x2.add(place, f64x2.promote_low_f32x4(moved));
  storeFraction(ambience.gains, vertex, f32x4.extract_lane(moved, 2));
  const bytes = <usize>(vertex << 3);
  const luma = lumaMesh + bytes;
  const chroma = chromaMesh + bytes;
  if (ambience.drift == 0) {
    storeVertex(camera, live, luma, chroma);
    return;
  }
  const drift = fieldAt(ambience.drift + offset, ambience.columns, weightX, weightY);
  const reach = f32x4.extract_lane(drift, 0);
  const turns = ambience.turn + f32x4.extract_lane(drift, 1);
  const turn = turns - floor(turns);
  const secondLuma = ambience.driftLumaMesh + bytes;
  const secondChroma = ambience.driftChromaMesh + bytes;
  storeVertex(camera, shifted(live, reach * (turn - 0.5)), luma, chroma);
  if (reach == 0) {
    v128.store64_lane(secondLuma, v128.load64_zero(luma), 0);
    v128.store64_lane(secondChroma, v128.load64_zero(chroma), 0);
  } else {
    const second = shifted(live, reach * (turn < 0.5 ? turn : turn - 1.0));
    storeVertex(camera, second, secondLuma, secondChroma);
  }
  storeFraction(ambience.shares, vertex, abs(reach) < reachMin ? 0.0 : secondShare(turn));
}

/** A place of the picture on the grid of nodes, columns and rows as 32-bit floats. */
// @ts-ignore: decorator
@inline
function gridPlace(camera: Camera, ambience: Ambience, place: v128): v128 {
  const size = v128.load(changetype<usize>(camera), offsetof<Camera>("width"));
  const nodes = f64x2.convert_low_i32x4_s(v128.load64_zero(changetype<usize>(ambience)));
  const last = f64x2.sub(nodes, f64x2.splat(1));
  const fromCentre = f64x2.mul(place, f64x2.div(last, size));
  const onGrid = f64x2.add(fromCentre, f64x2.mul(f64x2.splat(0.5), last));
  return f32x4.demote_f64x2_zero(f64x2.pmin(f64x2.pmax(onGrid, f64x2.splat(0)), last));
}

/** A place further to the right. */
// @ts-ignore: decorator
@inline
function shifted(place: v128, right: f32): v128 {
  return f64x2.add(place, f64x2.replace_lane(f64x2.splat(0), 0, <f64>right));
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
  const fraction = <i32>nearest(value * fractionScale);
  store<i16>(fractions + (vertex << 1), <i16>min(max(fraction, -fractionMax), fractionMax));
}
