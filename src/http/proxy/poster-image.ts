import type { Picture } from "../../media/picture/picture.ts";
import { stillPoster } from "../../media/picture/poster.ts";
import { findFocalPoint } from "../../scene/focal.ts";
import { frameStill } from "../../scene/framing.ts";
import type { Aspect } from "../../scene/plan.ts";

/** The long side of a clip, and so of its poster. */
const longSide = 1280;

export interface SourcePosterRequest {
  readonly path: string;
  /** What the still at `path` was found to be. */
  readonly picture: Pick<Picture, "width" | "height">;
  readonly aspect: Aspect;
  /** In pixels, when it shall be narrower than the clip. */
  readonly width: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * A still as its clip will show it: cropped around the subject, in the clip's size or narrower.
 * @throws AppError `source_unsupported`, `cancelled`.
 */
export async function renderSourcePoster(request: SourcePosterRequest): Promise<Uint8Array> {
  const { path, picture, aspect, signal } = request;
  // A crop needs to know what to keep; `preserve` keeps everything.
  const focal = aspect === "preserve" ? { x: 0.5, y: 0.5 } : await findFocalPoint(path, { signal });
  const framing = frameStill({ still: picture, aspect, longSide, focal });
  const width = Math.min(request.width ?? framing.width, framing.width);
  return stillPoster(path, { crop: framing.crop, width });
}
