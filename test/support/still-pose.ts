import type { CameraPose } from "../../src/kernel/kernel.ts";

/** The camera that shows the still as it is. */
export const stillPose: CameraPose = {
  zoom: 1,
  roll: 0,
  panX: 0,
  panY: 0,
  parallaxX: 0,
  parallaxY: 0,
  dolly: 0,
};
