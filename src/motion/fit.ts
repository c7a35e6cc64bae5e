import type { Warp } from "../kernel/kernel.ts";
import type { CameraPath } from "./camera.ts";

/** No camera path needs nearly as much; beyond it the picture's repeated border would show. */
const extraZoomMax = 0.5;

/** Each round closes most of the gap, so a few are enough for a hundredth of a pixel. */
const roundsMax = 8;

/**
 * The least zoom to add to a path so that no frame reaches beyond the picture. Only the border of
 * each frame is looked at. Zooming further in never makes an earlier frame overflow, so one pass
 * over the frames is enough.
 */
export function fitZoom(path: CameraPath, warp: Pick<Warp, "source" | "overflow">): number {
  const halfSide = Math.min(warp.source.width, warp.source.height) / 2;
  let extraZoom = 0;
  for (let frame = 0; frame < path.frames; frame++) {
    for (let round = 0; round < roundsMax; round++) {
      const overflow = warp.overflow(path.poseAt(frame, extraZoom));
      if (overflow <= 0) break;
      const missing = overflow / halfSide / shareAt(path, frame);
      extraZoom = Math.min(extraZoomMax, extraZoom + 1.02 * missing + 1e-5);
    }
  }
  return extraZoom;
}

/** How much of the extra zoom a frame makes use of. */
function shareAt(path: CameraPath, frame: number): number {
  return Math.max(1e-3, path.poseAt(frame, 1).zoom - path.poseAt(frame, 0).zoom);
}
