import type { KernelInstance } from "../../src/kernel/instance.ts";
import type { GreyPlane } from "./kernel-reference.ts";

/** What goes into a kernel and comes out of it, as rows without gaps. */

/** Puts a plane into the kernel, with `margin` pixels of border on each side. */
export function uploadPlane(kernel: KernelInstance, plane: GreyPlane, margin: number) {
  const stride = Math.ceil((plane.width + 2 * margin) / 16) * 16;
  const address = kernel.allocate(stride * (plane.height + 2 * margin)) + margin * (stride + 1);
  const memory = new Uint8Array(kernel.memory.buffer);
  for (let y = 0; y < plane.height; y++) {
    const row = plane.samples.subarray(y * plane.width, (y + 1) * plane.width);
    memory.set(row, address + y * stride);
  }
  kernel.padBorder(address, stride, plane.width, plane.height, margin);
  return { address, stride };
}

/** Puts numbers into the kernel as they are. */
export function uploadNumbers(
  kernel: KernelInstance,
  numbers: Uint8Array | Int16Array | Int32Array | Float32Array,
): number {
  const address = kernel.allocate(numbers.byteLength);
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  new Uint8Array(kernel.memory.buffer).set(bytes, address);
  return address;
}

export function downloadPlane(
  kernel: KernelInstance,
  address: number,
  stride: number,
  { width, height }: { readonly width: number; readonly height: number },
): Uint8Array {
  const memory = new Uint8Array(kernel.memory.buffer);
  const samples = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    samples.set(memory.subarray(address + y * stride, address + y * stride + width), y * width);
  }
  return samples;
}

/** A mesh whose vertices are `place`d in source pixels. */
export function meshOf(
  width: number,
  height: number,
  cellSize: number,
  place: (x: number, y: number) => readonly [number, number],
): Int32Array {
  const columns = Math.ceil(width / cellSize) + 1;
  const rows = Math.ceil(height / cellSize) + 1;
  const mesh = new Int32Array(columns * rows * 2);
  for (let index = 0; index < columns * rows; index++) {
    const [x, y] = place((index % columns) * cellSize, Math.floor(index / columns) * cellSize);
    mesh.set([Math.round(x * 65536), Math.round(y * 65536)], index * 2);
  }
  return mesh;
}
