import { findFocalPoint } from "../scene/focal.ts";
import type { Motion } from "../scene/plan.ts";
import type { VisionProvider, VisionRequest } from "./vision.ts";

/** What the prompt says of each intensity. */
const amplifiers: { readonly [M in Motion]: string } = {
  subtle: "light parallax and a slow, breathing camera",
  medium: "a clear but calm camera move around the subject",
  kinetic: "a strong camera move with depth and energy",
};

const promptLengthMax = 500;

/** Local sight: no key, no network, and the same answer for the same picture. */
export function createLocalVision(): VisionProvider {
  return {
    name: "local",
    async describe(request, signal) {
      const focal = await findFocalPoint(request.sourcePath, { signal });
      return { prompt: promptOf(request), plan: { focal, camera: "flat" } };
    },
  };
}

function promptOf(request: VisionRequest): string {
  if (request.prompt !== undefined) return request.prompt;
  const ending = request.mode === "loop" ? ", ending exactly as it began" : "";
  const brand = request.brand === undefined ? "" : ` In keeping with: ${request.brand}`;
  return `Bring the picture to life with ${amplifiers[request.motion]}${ending}.${brand}`.slice(
    0,
    promptLengthMax,
  );
}
