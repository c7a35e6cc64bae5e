import type { DepthMap } from "../kernel/kernel.ts";
import { analyseScene, thumbnailSide } from "../scene/analyse.ts";
import { estimateRelief } from "../scene/depth/depth.ts";
import type { Field } from "../scene/field/field.ts";
import { isPage, isRuled } from "../scene/graphic/page.ts";
import type { StraightLine } from "../scene/lines/line.ts";
import type { Box, Plan, Point } from "../scene/plan.ts";
import type { Scene } from "../scene/scene.ts";
import { readThumbnail } from "../scene/still.ts";
import { boxInWindow, cropField, pointInWindow } from "../scene/window.ts";
import { parallaxReach } from "./camera.ts";
import type { RenderRequest } from "./render.ts";

/** What is seen in a still before it is moved. */
export interface Sight {
  /** Whether it is a drawing, or photographs set on a sheet: something to be read, too. */
  readonly isPage: boolean;
  /** Of the whole still; none where the plan has no use for it. */
  readonly scene?: Scene;
  /** Of the part that the clip shows; none for what moves as one sheet. */
  readonly relief?: ClipRelief;
}

/** How near everything is in the frame of a clip, and what must not bend there. */
export interface ClipRelief extends Firmness {
  readonly depth: DepthMap;
}

/** Places in the frame, both axes 0 to 1, though they may lie outside. */
export interface Firmness {
  readonly boxes: readonly Box[];
  readonly lines: readonly Segment[];
}

export interface Segment {
  readonly from: Point;
  readonly to: Point;
}

/** A slope of depth at which near and far shear the picture by this much, of 1, at the farthest. */
const shearMax = 0.4;

/**
 * Looks at the still that a clip is made of, as far as its plan has use for that.
 * @param window the part of the still that the clip shows. @throws AppError `source_unsupported`.
 */
export async function lookAtStill(
  request: Pick<RenderRequest, "sourcePath" | "motion" | "mode" | "plan">,
  window: Box,
): Promise<Sight> {
  const { plan } = request;
  const thumbnail = await readThumbnail(request.sourcePath, thumbnailSide);
  if (plan.camera === "flat" && !plan.effects?.length) return { isPage: isPage(thumbnail) };
  const scene = analyseScene(thumbnail);
  if (scene.kind === "graphic") return { isPage: true, scene };
  if (plan.camera === "flat") return { isPage: isRuled(thumbnail), scene };
  const reach = parallaxReach(request.motion, request.mode);
  const slopeMax = shearMax / (reach * thumbnail.width * window.width);
  const relief = estimateRelief({ thumbnail, scene, plan, slopeMax });
  if (!relief) return { isPage: false, scene };
  return {
    isPage: false,
    scene,
    relief: {
      depth: cropField(relief.depth, window),
      boxes: boxesIn(plan, window),
      lines: relief.lines.map((line) => segmentOf(line, relief.depth, window)),
    },
  };
}

function boxesIn(plan: Plan, window: Box): readonly Box[] {
  return (plan.rigid ?? []).map((box) => boxInWindow(box, window));
}

function segmentOf(line: StraightLine, { width, height }: Field, window: Box): Segment {
  const place = (x: number, y: number) =>
    pointInWindow({ x: (x + 0.5) / width, y: (y + 0.5) / height }, window);
  return { from: place(line.fromX, line.fromY), to: place(line.toX, line.toY) };
}
