/**
 * Where in the source each part of a frame comes from. A vertex stands on the centre of every
 * 16th output pixel; one pose of the camera moves them all.
 */

const cellSize: i32 = 16;

/** How far outside the plane a vertex may point: less than the border that is padded there. */
const outsideMax: f64 = 16.0;

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

/** The answer of `project`: x and y in output pixels from the source's centre. */
const projected = memory.data(16);

export function buildMesh(camera: Camera, lumaMesh: usize, chromaMesh: usize): void {
  const columns = meshColumns(camera);
  const rows = meshRows(camera);
  let offset: usize = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      projectVertex(camera, column, row);
      storeVertex(camera, projectedX(), projectedY(), lumaMesh + offset, chromaMesh + offset);
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

/** Projects the vertex of a row and a column of the mesh. */
// @ts-ignore: decorator
@inline
export function projectVertex(camera: Camera, column: i32, row: i32): void {
  project(camera, <f64>(column * cellSize) + 0.5, <f64>(row * cellSize) + 0.5);
}

// @ts-ignore: decorator
@inline
export function projectedX(): f64 {
  return load<f64>(projected);
}

// @ts-ignore: decorator
@inline
export function projectedY(): f64 {
  return load<f64>(projected, 8);
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
  project(camera, x, y);
  const sourceX = lumaX(camera, projectedX());
  const sourceY = lumaY(camera, projectedY());
  const horizontal = max(-0.5 - sourceX, sourceX - (camera.sourceWidth - 0.5));
  const vertical = max(-0.5 - sourceY, sourceY - (camera.sourceHeight - 0.5));
  return max(horizontal, vertical);
}

/**
 * Follows one point of the frame back into the picture. The rigid move comes first; then the
 * depth found there shifts and scales the point about the pivot, in two fixed-point iterations,
 * since the depth belongs to the place that the point comes from.
 */
function project(camera: Camera, x: f64, y: f64): void {
  const fromCentreX = x - 0.5 * camera.width;
  const fromCentreY = y - 0.5 * camera.height;
  const rigidX = fromCentreX * camera.cosine - fromCentreY * camera.sine + camera.panX;
  const rigidY = fromCentreX * camera.sine + fromCentreY * camera.cosine + camera.panY;
  let sourceX = rigidX;
  let sourceY = rigidY;
  const iterations = partsByDepth(camera) ? 2 : 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const relief = depthAt(camera, sourceX, sourceY) - camera.pivot;
    const scale = 1.0 - camera.dolly * relief;
    sourceX = rigidX * scale + camera.parallaxX * relief;
    sourceY = rigidY * scale + camera.parallaxY * relief;
  }
  store<f64>(projected, sourceX);
  store<f64>(projected, sourceY, 8);
}

/** A rigid move is the same at every depth, and three times as fast without looking it up. */
// @ts-ignore: decorator
@inline
function partsByDepth(camera: Camera): bool {
  return camera.parallaxX != 0.0 || camera.parallaxY != 0.0 || camera.dolly != 0.0;
}

/** Depth at a point given in output pixels from the centre, between four samples of the map. */
function depthAt(camera: Camera, x: f64, y: f64): f64 {
  const columns = camera.depthWidth;
  const rows = camera.depthHeight;
  const mapX = (x + 0.5 * camera.width) * camera.depthScaleX - 0.5;
  const mapY = (y + 0.5 * camera.height) * camera.depthScaleY - 0.5;
  const inX = min(max(mapX, 0.0), <f64>(columns - 1));
  const inY = min(max(mapY, 0.0), <f64>(rows - 1));
  const left = min(<i32>inX, columns - 2);
  const top = min(<i32>inY, rows - 2);
  const weightX = inX - <f64>left;
  const weightY = inY - <f64>top;
  const upper = camera.depth + (top * columns + left) * 4;
  const lower = upper + columns * 4;
  const above = <f64>load<f32>(upper) * (1.0 - weightX) + <f64>load<f32>(upper, 4) * weightX;
  const below = <f64>load<f32>(lower) * (1.0 - weightX) + <f64>load<f32>(lower, 4) * weightX;
  return above * (1.0 - weightY) + below * weightY;
}

function lumaX(camera: Camera, x: f64): f64 {
  return (x + 0.5 * camera.width) * camera.scaleX - 0.5;
}

function lumaY(camera: Camera, y: f64): f64 {
  return (y + 0.5 * camera.height) * camera.scaleY - 0.5;
}

/**
 * Writes a place in the picture, in output pixels from its centre, for both meshes. H.264 sites a
 * chroma sample on the left column of its pixels, between their rows: half an output pixel below
 * the luma vertex.
 */
export function storeVertex(camera: Camera, x: f64, y: f64, luma: usize, chroma: usize): void {
  const sourceWidth = camera.sourceWidth;
  const sourceHeight = camera.sourceHeight;
  storePoint(luma, lumaX(camera, x), lumaY(camera, y), sourceWidth, sourceHeight);
  const chromaX = 0.5 * lumaX(camera, x - 0.5 * camera.sine) - 0.25;
  const chromaY = 0.5 * lumaY(camera, y + 0.5 * camera.cosine) - 0.25;
  storePoint(chroma, chromaX, chromaY, 0.5 * sourceWidth, 0.5 * sourceHeight);
}

function storePoint(vertex: usize, x: f64, y: f64, width: f64, height: f64): void {
  store<i32>(vertex, fixed(min(max(x, -outsideMax), width + outsideMax)));
  store<i32>(vertex, fixed(min(max(y, -outsideMax), height + outsideMax)), 4);
}

/** 16.16 fixed point. */
function fixed(value: f64): i32 {
  return <i32>nearest(value * 65536.0);
}
