import type { Ambience, Disc } from "./ambience.ts";
import type { KernelInstance } from "./instance.ts";
import type { SourcePlanes } from "./planes.ts";

/** Where a frame is drawn from and to. */
export interface FrameBlocks {
  readonly source: SourcePlanes;
  /** The size of the frame, in pixels; both even. */
  readonly width: number;
  readonly height: number;
  /** Address of the frame, yuv420p. */
  readonly frame: number;
  readonly lumaMesh: number;
  readonly chromaMesh: number;
}

/** Luma rows of a strip: as many as lie between two rows of the mesh. */
const stripHeight = 16;

const vertexBytes = 2 * Int32Array.BYTES_PER_ELEMENT;
const fractionBytes = Int16Array.BYTES_PER_ELEMENT;

/**
 * Draws a frame through its meshes, with all that lives in it, strip by strip: what comes over a
 * strip then finds its pixels, and those of the source, in the processor's cache.
 */
export function drawFrame(
  kernel: KernelInstance,
  blocks: FrameBlocks,
  ambience: Ambience | undefined,
): void {
  const columns = Math.ceil(blocks.width / stripHeight) + 1;
  for (let top = 0; top < blocks.height; top += stripHeight) {
    const vertex = (top / stripHeight) * columns;
    drawLuma(kernel, blocks, ambience, top, vertex);
    drawChroma(kernel, blocks, ambience, top, vertex);
  }
}

/** Draws discs over the luma of a frame. */
export function drawDiscs(
  kernel: KernelInstance,
  { frame, width, height }: FrameBlocks,
  discs: readonly Disc[],
): void {
  for (const { x, y, radius, alpha } of discs)
    kernel.drawDisc(frame, width, height, x, y, radius, alpha);
}

/** A strip of luma: the picture, the second phase of the drift, then gains. */
function drawLuma(
  kernel: KernelInstance,
  { source, width, height, frame, lumaMesh }: FrameBlocks,
  ambience: Ambience | undefined,
  top: number,
  vertex: number,
): void {
  const { address, stride } = source.luma;
  const target = frame + top * width;
  const rows = Math.min(stripHeight, height - top);
  const mesh = vertex * vertexBytes;
  const fractions = vertex * fractionBytes;
  kernel.warpLuma(address, stride, target, width, rows, lumaMesh + mesh);
  if (ambience?.hasDrift) {
    const second = ambience.lumaMesh + mesh;
    kernel.blendLuma(address, stride, target, width, rows, second, ambience.shares + fractions);
  }
  if (ambience?.hasFields) kernel.gainLuma(target, width, rows, ambience.gains + fractions);
}

/** A strip of both colour planes, which gains leave as they are. */
function drawChroma(
  kernel: KernelInstance,
  { source, width, height, frame, chromaMesh }: FrameBlocks,
  ambience: Ambience | undefined,
  top: number,
  vertex: number,
): void {
  const { u, v } = source;
  const halfWidth = width / 2;
  const toU = frame + width * height + (top / 2) * halfWidth;
  const toV = toU + halfWidth * (height / 2);
  const rows = Math.min(stripHeight, height - top) / 2;
  const first = chromaMesh + vertex * vertexBytes;
  kernel.warpChroma(u.address, v.address, u.stride, toU, toV, halfWidth, rows, first);
  if (!ambience?.hasDrift) return;
  const second = ambience.chromaMesh + vertex * vertexBytes;
  const shares = ambience.shares + vertex * fractionBytes;
  kernel.blendChroma(u.address, v.address, u.stride, toU, toV, halfWidth, rows, second, shares);
}
