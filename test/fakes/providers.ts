import { copyFile } from "node:fs/promises";
import type { MotionOutcome, MotionProvider, MotionRequest } from "../../src/providers/motion.ts";
import type { VisionProvider, VisionRequest } from "../../src/providers/vision.ts";
import type { Sight } from "../../src/scene/sight.ts";

/** What a scripted call does: throw this, or take its usual course when undefined. */
export type Script = readonly (Error | undefined)[];

export interface FakeVision extends VisionProvider {
  readonly requests: readonly VisionRequest[];
}

const plainSight: Sight = {
  nsfw: null,
  focal: { x: 0.5, y: 0.5 },
  subjects: [],
  horizon: { y: 0.5, confidence: 0 },
  skyFraction: 0,
  palette: ["#808080"],
  brightness: 0.5,
  contrast: 0,
  depthConfidence: 0,
  labels: ["photo"],
  caption: "a scene, soft light",
};

/** Answers the same to every picture, after what its script says of each call. */
export function createFakeVision(script: Script = []): FakeVision {
  const requests: VisionRequest[] = [];
  return {
    name: "fake",
    requests,
    async describe(request) {
      const fault = script[requests.length];
      requests.push(request);
      if (fault) throw fault;
      const plan = { focal: { x: 0.5, y: 0.5 }, camera: "flat" } as const;
      return { prompt: request.prompt ?? "a calm move", plan, sight: plainSight };
    },
  };
}

export interface FakeMotionOptions {
  /** The clip that every finished call leaves. */
  readonly clipPath: string;
  readonly script?: Script;
  /** How often the work is reported as running before it is done. */
  readonly polls?: number;
  /** Resolves when a call may go on; it ends early when its signal aborts. */
  readonly hold?: (signal: AbortSignal) => Promise<void>;
}

export interface FakeMotion extends MotionProvider {
  readonly calls: readonly string[];
}

/** Leaves one and the same clip, at once or after some polls. */
export function createFakeMotion(options: FakeMotionOptions): FakeMotion {
  const calls: string[] = [];
  let polls = 0;
  const finish = async (request: MotionRequest): Promise<MotionOutcome> => {
    if (polls < (options.polls ?? 0)) {
      polls += 1;
      return { state: "running", reference: `ref_${request.stage}`, waitMs: 2000 };
    }
    await copyFile(options.clipPath, request.outputPath);
    return { state: "done", costUsdMicros: 50_000 };
  };
  return {
    name: "fake",
    model: "fake-1",
    calls,
    etaMs: () => 1000,
    async begin(request, { signal }) {
      const fault = options.script?.[calls.length];
      calls.push(`begin ${request.stage}`);
      if (fault) throw fault;
      await options.hold?.(signal);
      return finish(request);
    },
    resume(reference, request) {
      calls.push(`resume ${reference}`);
      return finish(request);
    },
    async cancel(reference) {
      calls.push(`cancel ${reference}`);
    },
  };
}
