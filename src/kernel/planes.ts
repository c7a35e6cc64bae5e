import type { KernelInstance } from "./instance.ts";

/** A decoded picture: three bytes a pixel, rows without gaps. */
export interface RgbPicture {
  readonly pixels: Uint8Array;
  /** A multiple of 16. */
  readonly width: number;
  /** A multiple of 8. */
  readonly height: number;
}

/** A picture in the kernel's memory as padded planes, 7/4 as large as it came. */
export interface SourcePlanes {
  /** Size of the luma plane; those of colour have half of each. */
  readonly width: number;
  readonly height: number;
  readonly luma: Plane;
  readonly u: Plane;
  readonly v: Plane;
}

export interface Plane {
  /** Address of the first pixel, inside the border. */
  readonly address: number;
  readonly stride: number;
}

/**
 * Bilinear samples of a plane enlarged this much keep 0.92 of the response at half the original's
 * Nyquist frequency, so sharpness does not visibly pump as the picture moves. From 1.9 on, eight
 * neighbouring output pixels would no longer fit one 16-byte load of the warp.
 */
const supersampling = 7 / 4;

/** Border of the enlarged planes: the mesh points up to 16 pixels outside, plus its third row. */
const planeMargin = 24;

/** Border of the planes before they are enlarged: the cubic's reach, rounded up. */
const baseMargin = 4;

/** Converts, enlarges and pads a picture. The planes stay allocated; everything else is let go. */
export function loadPlanes(kernel: KernelInstance, picture: RgbPicture): SourcePlanes {
  const width = picture.width * supersampling;
  const height = picture.height * supersampling;
  const planes: SourcePlanes = {
    width,
    height,
    luma: allocatePlane(kernel, width, height, planeMargin),
    u: allocatePlane(kernel, width / 2, height / 2, planeMargin),
    v: allocatePlane(kernel, width / 2, height / 2, planeMargin),
  };
  const mark = kernel.mark();
  const base = convert(kernel, picture);
  const half = { width: picture.width / 2, height: picture.height / 2 };
  enlarge(kernel, base.luma, picture, planes.luma);
  enlarge(kernel, base.u, half, planes.u);
  enlarge(kernel, base.v, half, planes.v);
  kernel.release(mark);
  return planes;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function allocatePlane(
  kernel: KernelInstance,
  width: number,
  height: number,
  margin: number,
): Plane {
  const stride = roundUp(width + 2 * margin, 16);
  const start = kernel.allocate(stride * (height + 2 * margin));
  return { address: start + margin * stride + margin, stride };
}

function convert(kernel: KernelInstance, picture: RgbPicture) {
  const { width, height } = picture;
  const luma = allocatePlane(kernel, width, height, baseMargin);
  const u = allocatePlane(kernel, width / 2, height / 2, baseMargin);
  const v = allocatePlane(kernel, width / 2, height / 2, baseMargin);
  const rgb = kernel.allocate(picture.pixels.length);
  new Uint8Array(kernel.memory.buffer).set(picture.pixels, rgb);
  kernel.rgbToYuv420(rgb, width, height, luma.address, luma.stride, u.address, v.address, u.stride);
  kernel.padBorder(luma.address, luma.stride, width, height, baseMargin);
  kernel.padBorder(u.address, u.stride, width / 2, height / 2, baseMargin);
  kernel.padBorder(v.address, v.stride, width / 2, height / 2, baseMargin);
  return { luma, u, v };
}

/** First wide, then high: the rows above and below that the second step reads are widened too. */
function enlarge(kernel: KernelInstance, from: Plane, size: Size, to: Plane): void {
  const mark = kernel.mark();
  const width = size.width * supersampling;
  const height = size.height * supersampling;
  const wideStride = roundUp(width, 16);
  const wide = kernel.allocate(wideStride * (size.height + 2 * baseMargin));
  kernel.upsampleColumns(
    from.address - baseMargin * from.stride,
    from.stride,
    size.width,
    wide,
    wideStride,
    width,
    size.height + 2 * baseMargin,
    kernel.allocate(kernel.columnTableBytes(width)),
  );
  kernel.upsampleRows(
    wide + baseMargin * wideStride,
    wideStride,
    size.height,
    to.address,
    to.stride,
    width,
    height,
    kernel.allocate(kernel.rowTableBytes(height)),
  );
  kernel.padBorder(to.address, to.stride, width, height, planeMargin);
  kernel.release(mark);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
