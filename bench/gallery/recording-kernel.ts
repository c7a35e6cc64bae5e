import type { CameraPose, Kernel, View, Warp } from "../../src/kernel/kernel.ts";
import { leastJacobian } from "../../src/motion/jacobian.ts";

/** A kernel that draws as the other does, and keeps what it was asked for. */
export interface RecordingKernel {
  readonly kernel: Kernel;
  /** The luma planes of all frames so far, in order, and what the meshes were like. */
  recorded(): Recorded;
}

export interface Recorded {
  readonly luma: readonly Uint8Array[];
  readonly width: number;
  readonly height: number;
  /** The least change of area of any cell in any frame; below 0 the picture folds. */
  readonly jacobianMin: number;
  /** Between the nearest and the farthest, in pixels of the frame. */
  readonly parallaxMax: number;
  readonly zoomMin: number;
  readonly zoomMax: number;
}

export function recordKernel(kernel: Kernel): RecordingKernel {
  const luma: Uint8Array[] = [];
  const poses: CameraPose[] = [];
  let size = { width: 0, height: 0 };
  let jacobianMin = Number.POSITIVE_INFINITY;
  return {
    kernel: {
      ...kernel,
      load(picture, view) {
        const warp = kernel.load(picture, view);
        size = { width: view.width, height: view.height };
        const draw: Warp["draw"] = (pose, ...moment) => {
          jacobianMin = Math.min(jacobianMin, jacobianOf(warp, view, pose));
          poses.push(pose);
          const frame = warp.draw(pose, ...moment);
          luma.push(frame.slice(0, view.width * view.height));
          return frame;
        };
        return { ...warp, draw };
      },
    },
    recorded: () => ({
      luma,
      ...size,
      jacobianMin,
      parallaxMax: Math.max(
        ...poses.map(({ parallaxX, parallaxY }) => Math.hypot(parallaxX, parallaxY)),
      ),
      zoomMin: Math.min(...poses.map(({ zoom }) => zoom)),
      zoomMax: Math.max(...poses.map(({ zoom }) => zoom)),
    }),
  };
}

function jacobianOf(warp: Warp, { width, height }: View, pose: CameraPose): number {
  const { width: sourceWidth, height: sourceHeight } = warp.source;
  return leastJacobian(warp.mesh(pose), { width, height, sourceWidth, sourceHeight });
}
