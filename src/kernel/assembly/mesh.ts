/**
 * Where in the source each part of a frame comes from. A vertex stands on the centre of every
 * 16th output pixel; one pose of the camera moves them all.
 */

const cellSize: i32 = 16;

/** How far outside the plane a vertex may point: less than the border that is padded there. */
const outsideMax: f64 = 16.0;

/**
 * Added to a number of less than 31 bits it leaves that number, rounded, in the low 32 bits: one
 * step, where a conversion that minds all other numbers takes six.
 */
const toInteger: f64 = 6755399441055744.0;

/** A field's place is part of the interface: the caller writes them as one block. */
// @ts-ignore: decorator
@unmanaged
export class Camera {
  /** Cosine and sine of the roll, both divided by the zoom. */
  cosine: f64;
  sine: f64;
  /** Output pixels. */
  panX: f64;
  panY: f64;
  /** Output pixels between depth 0 and depth 1. */
  parallaxX: f64;
  parallaxY: f64;
  /** Zoom between depth 0 and depth 1. */
  dolly: f64;
  /** The depth that stays in place. */
  pivot: f64;
  /** Size of the frame. */
  width: f64;
  height: f64;
  /** Size of the source's luma plane. */
  sourceWidth: f64;
  sourceHeight: f64;
  /** Source pixels, and samples of the depth map, for one output pixel. */
  scaleX: f64;
  scaleY: f64;
  depthScaleX: f64;
  depthScaleY: f64;
  /** Depth of the picture, 0 far to 1 near, as f32 rows; at least 2 by 2. */
  depth: usize;
  depthWidth: i32;
  depthHeight: i32;
}

export function buildMesh(camera: Camera, lumaMesh: usize, chromaMesh: usize): void {
  const columns = meshColumns(camera);
  const rows = meshRows(camera);
  let offset: usize = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const place = projectVertex(camera, column, row);
      storeVertex(camera, place, lumaMesh + offset, chromaMesh + offset);
      offset += 8;
    }
  }
}

/** Vertices across the frame, the last one on or past its edge. */
export function meshColumns(camera: Camera): i32 {
  return (<i32>camera.width + cellSize - 1) / cellSize + 1;
}

export function meshRows(camera: Camera): i32 {
  return (<i32>camera.height + cellSize - 1) / cellSize + 1;
}

/**
 * Where the vertex of a row and a column of the mesh comes from. As everywhere here, x and y are
 * the two 64-bit lanes of one vector: output pixels from the source's centre.
 */
// @ts-ignore: decorator
@inline
export function projectVertex(camera: Camera, column: i32, row: i32): v128 {
  return project(camera, <f64>(column * cellSize) + 0.5, <f64>(row * cellSize) + 0.5);
}

/**
 * How far the centres of the frame's outermost pixels lie outside the picture, in source pixels;
 * 0 or less when none does. The frame's border decides, because the warp does not fold.
 */
export function borderOverflow(camera: Camera): f64 {
  const right = camera.width - 0.5;
  const bottom = camera.height - 0.5;
  let overflow: f64 = -camera.sourceWidth;
  for (let x: f64 = 0.5; x < right + <f64>cellSize; x += <f64>cellSize) {
    overflow = max(overflow, overflowAt(camera, min(x, right), 0.5));
    overflow = max(overflow, overflowAt(camera, min(x, right), bottom));
  }
  for (let y: f64 = 0.5; y < bottom + <f64>cellSize; y += <f64>cellSize) {
    overflow = max(overflow, overflowAt(camera, 0.5, min(y, bottom)));
    overflow = max(overflow, overflowAt(camera, right, min(y, bottom)));
  }
  return overflow;
}

function overflowAt(camera: Camera, x: f64, y: f64): f64 {
  const place = lumaPlace(camera, project(camera, x, y));
  const half = f64x2.splat(0.5);
  const before = f64x2.sub(f64x2.neg(half), place);
  const behind = f64x2.sub(place, f64x2.sub(sourceSize(camera), half));
  const outside = f64x2.pmax(before, behind);
  return max(f64x2.extract_lane(outside, 0), f64x2.extract_lane(outside, 1));
}

/**
 * Follows one point of the frame back into the picture. The rigid move comes first; then the
 * depth found there shifts and scales the point about the pivot, in two fixed-point iterations,
 * since the depth belongs to the place that the point comes from.
 */
// @ts-ignore: decorator
@inline
function project(camera: Camera, x: f64, y: f64): v128 {
  const right = v128.load(fieldsOf(camera), offsetof<Camera>("cosine"));
  const down = f64x2.replace_lane(f64x2.splat(camera.cosine), 0, -camera.sine);
  const fromLeft = f64x2.mul(f64x2.splat(x - 0.5 * camera.width), right);
  const fromTop = f64x2.mul(f64x2.splat(y - 0.5 * camera.height), down);
  const pan = v128.load(fieldsOf(camera), offsetof<Camera>("panX"));
  const rigid = f64x2.add(f64x2.add(fromLeft, fromTop), pan);
  if (!partsByDepth(camera)) return rigid;
  return partedByDepth(camera, rigid, partedByDepth(camera, rigid, rigid));
}

// @ts-ignore: decorator
@inline
function partedByDepth(camera: Camera, rigid: v128, place: v128): v128 {
  const relief = depthAt(camera, place) - camera.pivot;
  const scaled = f64x2.mul(rigid, f64x2.splat(1.0 - camera.dolly * relief));
  const parallax = v128.load(fieldsOf(camera), offsetof<Camera>("parallaxX"));
  return f64x2.add(scaled, f64x2.mul(parallax, f64x2.splat(relief)));
}

/** A rigid move is the same at every depth, and three times as fast without looking it up. */
// @ts-ignore: decorator
@inline
function partsByDepth(camera: Camera): bool {
  return camera.parallaxX != 0.0 || camera.parallaxY != 0.0 || camera.dolly != 0.0;
}

/** Depth at a place, between four samples of the map. */
// @ts-ignore: decorator
@inline
function depthAt(camera: Camera, place: v128): f64 {
  const columns = camera.depthWidth;
  const rows = camera.depthHeight;
  const scale = v128.load(fieldsOf(camera), offsetof<Camera>("depthScaleX"));
  const last = f64x2.convert_low_i32x4_s(
    i32x4.replace_lane(i32x4.splat(columns - 1), 1, rows - 1),
  );
  const onMap = f64x2.pmin(f64x2.pmax(scaledPlace(camera, place, scale), f64x2.splat(0)), last);
  const whole = i32x4.trunc_sat_f64x2_s_zero(onMap);
  const left = min(i32x4.extract_lane(whole, 0), columns - 2);
  const top = min(i32x4.extract_lane(whole, 1), rows - 2);
  const weightX = f64x2.splat(f64x2.extract_lane(onMap, 0) - <f64>left);
  const weightY = f64x2.extract_lane(onMap, 1) - <f64>top;
  const upper = camera.depth + (top * columns + left) * 4;
  const above = v128.load64_zero(upper);
  const below = v128.load64_zero(upper + columns * 4);
  const lefts = f64x2.promote_low_f32x4(i32x4.shuffle(above, below, 0, 4, 0, 4));
  const rights = f64x2.promote_low_f32x4(i32x4.shuffle(above, below, 1, 5, 1, 5));
  const fromLeft = f64x2.mul(lefts, f64x2.sub(f64x2.splat(1), weightX));
  const mixed = f64x2.add(fromLeft, f64x2.mul(rights, weightX));
  const fromAbove = f64x2.extract_lane(mixed, 0) * (1.0 - weightY);
  return fromAbove + f64x2.extract_lane(mixed, 1) * weightY;
}

/** A place in samples of the source's luma plane, from its top left one. */
// @ts-ignore: decorator
@inline
function lumaPlace(camera: Camera, place: v128): v128 {
  return scaledPlace(camera, place, v128.load(fieldsOf(camera), offsetof<Camera>("scaleX")));
}

/** A place in samples of a map of the picture, from the centre of its top left one. */
// @ts-ignore: decorator
@inline
function scaledPlace(camera: Camera, place: v128, scale: v128): v128 {
  const half = f64x2.splat(0.5);
  const size = v128.load(fieldsOf(camera), offsetof<Camera>("width"));
  const fromCorner = f64x2.add(place, f64x2.mul(half, size));
  return f64x2.sub(f64x2.mul(fromCorner, scale), half);
}

// @ts-ignore: decorator
@inline
function sourceSize(camera: Camera): v128 {
  return v128.load(fieldsOf(camera), offsetof<Camera>("sourceWidth"));
}

// @ts-ignore: decorator
@inline
function fieldsOf(camera: Camera): usize {
  return changetype<usize>(camera);
}

/**
 * Writes a place in the picture for both meshes. H.264 sites a chroma sample on the left column of
 * its pixels, between their rows: half an output pixel below the luma vertex.
 */
// @ts-ignore: decorator
@inline
export function storeVertex(camera: Camera, place: v128, luma: usize, chroma: usize): void {
  const half = f64x2.splat(0.5);
  const size = sourceSize(camera);
  storePoint(luma, lumaPlace(camera, place), size);
  const below = f64x2.replace_lane(f64x2.splat(0.5 * camera.cosine), 0, -0.5 * camera.sine);
  const chromaPlace = f64x2.mul(lumaPlace(camera, f64x2.add(place, below)), half);
  storePoint(chroma, f64x2.sub(chromaPlace, f64x2.splat(0.25)), f64x2.mul(size, half));
}

/** In 16.16 fixed point. */
// @ts-ignore: decorator
@inline
function storePoint(vertex: usize, place: v128, size: v128): void {
  const least = f64x2.splat(-outsideMax);
  const inside = f64x2.pmin(f64x2.pmax(place, least), f64x2.sub(size, least));
  const fixed = f64x2.add(f64x2.mul(inside, f64x2.splat(65536)), f64x2.splat(toInteger));
  v128.store64_lane(vertex, i32x4.shuffle(fixed, fixed, 0, 2, 0, 2), 0);
}
