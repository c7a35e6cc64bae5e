import { copyFile } from "node:fs/promises";
import type { MotionOutcome, MotionProvider, MotionRequest } from "../../src/providers/motion.ts";
import type { VisionProvider, VisionRequest } from "../../src/providers/vision.ts";

/** What a scripted call does: throw this, or take its usual course when undefined. */
export type Script = readonly (Error | undefined)[];

export interface FakeVision extends VisionProvider {
  readonly requests: readonly VisionRequest[];
}

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
      return { prompt: "a calm move", plan: { focal: { x: 0.5, y: 0.5 }, camera: "flat" } };
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
