import { AppError } from "../errors.ts";
import kernelPath from "./kernel.wasm" with { type: "file" };

/** Addresses are byte offsets into `memory`; what each function does is said in `assembly/`. */
export interface KernelInstance {
  readonly memory: WebAssembly.Memory;
  /** A block of `bytes`, aligned to 64. @throws AppError `i2v_failed` beyond 256 MiB. */
  allocate(bytes: number): number;
  mark(): number;
  release(mark: number): void;
  padBorder(plane: number, stride: number, width: number, height: number, margin: number): void;
  rgbToYuv420(
    rgb: number,
    width: number,
    height: number,
    planeY: number,
    strideY: number,
    planeU: number,
    planeV: number,
    strideUV: number,
  ): void;
  columnTableBytes(width: number): number;
  rowTableBytes(height: number): number;
  upsampleColumns(...resample: ResampleArguments): void;
  upsampleRows(...resample: ResampleArguments): void;
  buildMesh(camera: number, lumaMesh: number, chromaMesh: number): void;
  buildLivingMesh(camera: number, ambience: number, lumaMesh: number, chromaMesh: number): void;
  sumFields(target: number, fields: number, weights: number, count: number, nodes: number): void;
  borderOverflow(camera: number): number;
  warpLuma(...warp: WarpLumaArguments): void;
  warpChroma(...warp: WarpChromaArguments): void;
  blendLuma(...blend: readonly [...WarpLumaArguments, shares: number]): void;
  blendChroma(...blend: readonly [...WarpChromaArguments, shares: number]): void;
  gainLuma(target: number, width: number, height: number, gains: number): void;
  drawDisc(
    target: number,
    width: number,
    height: number,
    x: number,
    y: number,
    radius: number,
    alpha: number,
  ): void;
}

type WarpLumaArguments = readonly [
  plane: number,
  stride: number,
  target: number,
  width: number,
  height: number,
  mesh: number,
];

type WarpChromaArguments = readonly [
  planeU: number,
  planeV: number,
  stride: number,
  targetU: number,
  targetV: number,
  width: number,
  height: number,
  mesh: number,
];

/** `sourceSize` is the source's extent along the axis that is resampled. */
type ResampleArguments = readonly [
  source: number,
  sourceStride: number,
  sourceSize: number,
  target: number,
  targetStride: number,
  width: number,
  height: number,
  table: number,
];

/** One kernel with its own memory: one a Worker, used for one picture at a time. */
export async function instantiateKernel(): Promise<KernelInstance> {
  const bytes = await Bun.file(kernelPath).bytes();
  const { instance } = await WebAssembly.instantiate(bytes, {});
  const exported = instance.exports as unknown as KernelInstance;
  return {
    ...exported,
    allocate: (bytes) => {
      const address = exported.allocate(bytes);
      if (address !== 0) return address;
      throw new AppError("i2v_failed", "the picture needs more than the 256 MiB of the engine");
    },
  };
}
