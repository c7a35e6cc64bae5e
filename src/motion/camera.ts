import type { CameraPose } from "../kernel/kernel.ts";
import type { Mode, Motion, Plan } from "../scene/plan.ts";
import { createRandom } from "./random.ts";

/** Where the camera stands in each frame of a clip. */
export interface CameraPath {
  readonly frames: number;
  /**
   * @param frame 0 to frames - 1.
   * @param extraZoom what is added to the zoom so that the picture fills the frame everywhere;
   * none of it where the clip shows the still itself.
   */
  poseAt(frame: number, extraZoom: number): CameraPose;
}

/**
 * How the camera moves: as a plan has it, or as over a `page`, which has to stay readable and in
 * the frame.
 */
export type Camera = Plan["camera"] | "page";

export interface CameraRequest {
  readonly camera: Camera;
  /** How much of the preset's parallax there is, 0 to 1; all of it when not said. */
  readonly parallax?: number;
  readonly motion: Motion;
  readonly mode: Mode;
  readonly frames: number;
  readonly seed: number;
  /** Of the frame, in pixels. */
  readonly width: number;
}

/** How far the camera goes. Lengths are shares of the frame's width. */
interface Amplitude {
  readonly parallax: number;
  readonly zoom: number;
  /** The zoom between the farthest and the nearest depth. */
  readonly dolly: number;
  readonly pan: number;
  /** Radians. */
  readonly roll: number;
}

/**
 * With depth, near and far part and little else is needed. Without it the picture moves as one
 * sheet, so that pan, zoom and roll carry all of the motion. A page keeps its title and its first
 * row: it is never cut by more than a few hundredths of its size. It does roll, since upright edges
 * that all cross the pixels together are seen to pump.
 */
const amplitudes: { readonly [C in Camera]: { readonly [M in Motion]: Amplitude } } = {
  parallax: {
    subtle: { parallax: 0.016, zoom: 0.025, dolly: 0.015, pan: 0.004, roll: 0.0015 },
    medium: { parallax: 0.03, zoom: 0.05, dolly: 0.03, pan: 0.008, roll: 0.003 },
    kinetic: { parallax: 0.035, zoom: 0.1, dolly: 0.06, pan: 0.02, roll: 0.01 },
  },
  flat: {
    subtle: { parallax: 0, zoom: 0.03, dolly: 0, pan: 0.009, roll: 0.002 },
    medium: { parallax: 0, zoom: 0.055, dolly: 0, pan: 0.016, roll: 0.0045 },
    kinetic: { parallax: 0, zoom: 0.1, dolly: 0, pan: 0.03, roll: 0.011 },
  },
  page: {
    subtle: { parallax: 0, zoom: 0.01, dolly: 0, pan: 0.003, roll: 0.0035 },
    medium: { parallax: 0, zoom: 0.018, dolly: 0, pan: 0.005, roll: 0.0045 },
    kinetic: { parallax: 0, zoom: 0.03, dolly: 0, pan: 0.008, roll: 0.005 },
  },
};

/** What the seed decides: another take of the same move. */
interface Take {
  readonly direction: 1 | -1;
  readonly phase: number;
  readonly zoomPhase: number;
  /** Height of the path over its width. */
  readonly flatness: number;
  readonly rollSign: 1 | -1;
}

/** The exponent of the ease in `animate-in`: fast at first, without a jolt at the end. */
const settling = 3.2;

/** The path of one take. The same request gives the same path. */
export function createCameraPath(request: CameraRequest): CameraPath {
  const amplitude = amplitudeOf(request);
  const take = drawTake(request.seed);
  const { frames, width } = request;
  const move = moves[request.mode];
  return {
    frames,
    poseAt: (frame, extraZoom) => {
      const step = move(frame, frames, amplitude, take);
      return {
        zoom: 1 + step.share * extraZoom + step.zoom,
        roll: step.roll,
        panX: step.panX * width,
        panY: step.panY * width,
        parallaxX: step.parallaxX * width,
        parallaxY: step.parallaxY * width,
        dolly: step.dolly,
      };
    },
  };
}

/** With less parallax the move comes nearer to that of a sheet, so that it is not a smaller one. */
function amplitudeOf({ camera, motion, parallax = 1 }: CameraRequest): Amplitude {
  if (camera !== "parallax") return amplitudes[camera][motion];
  const [flat, full] = [amplitudes.flat[motion], amplitudes.parallax[motion]];
  const mixed = (term: keyof Amplitude) => flat[term] + (full[term] - flat[term]) * parallax;
  return {
    parallax: mixed("parallax"),
    dolly: mixed("dolly"),
    zoom: mixed("zoom"),
    pan: mixed("pan"),
    roll: mixed("roll"),
  };
}

/**
 * How far near and far part at most in any take, as a share of the width: of the presets' whole
 * parallax, in the direction in which the mode goes farthest.
 */
export function parallaxReach(motion: Motion, mode: Mode): number {
  const farthest: { readonly [M in Mode]: number } = {
    loop: 1,
    "animate-in": 1.6,
    "animate-on-hover": 1.3,
  };
  return amplitudes.parallax[motion].parallax * farthest[mode];
}

function drawTake(seed: number): Take {
  const random = createRandom(seed);
  const direction = random() < 0.5 ? -1 : 1;
  const phase = random() * 2 * Math.PI;
  const flatness = 0.35 + 0.25 * random();
  const zoomPhase = phase + (random() < 0.5 ? 1 : -1) * (Math.PI / 2);
  return { direction, phase, zoomPhase, flatness, rollSign: random() < 0.5 ? 1 : -1 };
}

/** A pose with lengths as shares of the width; `share` is how much of the extra zoom counts. */
interface Step extends CameraPose {
  readonly share: number;
}

type Move = (frame: number, frames: number, amplitude: Amplitude, take: Take) => Step;

const moves: { readonly [M in Mode]: Move } = {
  loop: orbit,
  "animate-in": settle,
  "animate-on-hover": outAndBack,
};

/** Exactly periodic in `frames`: an ellipse, with the zoom a quarter turn ahead or behind. */
function orbit(frame: number, frames: number, amplitude: Amplitude, take: Take): Step {
  const turn = (2 * Math.PI * frame) / frames;
  const along = Math.cos(take.direction * turn + take.phase);
  const across = Math.sin(take.direction * turn + take.phase);
  return {
    share: 1,
    zoom: (amplitude.zoom / 2) * (1 - Math.cos(turn + take.zoomPhase)),
    dolly: (amplitude.dolly / 2) * Math.sin(turn + take.zoomPhase),
    roll: amplitude.roll * take.rollSign * Math.sin(turn + take.phase),
    panX: amplitude.pan * along,
    panY: amplitude.pan * 0.6 * across,
    parallaxX: amplitude.parallax * along,
    parallaxY: amplitude.parallax * take.flatness * across,
  };
}

/** From outside into the still, which is the last frame. */
function settle(frame: number, frames: number, amplitude: Amplitude, take: Take): Step {
  const share = (1 - frame / (frames - 1)) ** settling;
  return {
    share,
    zoom: amplitude.zoom * 2 * share,
    dolly: amplitude.dolly * share,
    roll: amplitude.roll * 2 * take.rollSign * share,
    panX: amplitude.pan * take.direction * share,
    panY: amplitude.pan * 0.6 * Math.sin(take.phase) * share,
    parallaxX: amplitude.parallax * 1.6 * take.direction * share,
    parallaxY: amplitude.parallax * 1.5 * take.flatness * share,
  };
}

/** From the still, which is frame 0, out and back; it starts and ends without speed. */
function outAndBack(frame: number, frames: number, amplitude: Amplitude, take: Take): Step {
  const turn = (2 * Math.PI * frame) / frames;
  const share = (1 - Math.cos(turn)) / 2;
  const sideways = Math.sin(turn);
  return {
    share,
    zoom: amplitude.zoom * 1.6 * share,
    dolly: amplitude.dolly * share,
    roll: amplitude.roll * take.rollSign * share * sideways,
    panX: amplitude.pan * take.direction * share * Math.cos(turn / 2),
    panY: amplitude.pan * 1.3 * take.flatness * share * sideways,
    parallaxX: amplitude.parallax * 1.3 * take.direction * share * Math.cos(turn / 2),
    parallaxY: amplitude.parallax * 1.7 * take.flatness * share * sideways,
  };
}
