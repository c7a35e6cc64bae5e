import type { Aspect, Mode, Motion, Plan } from "../scene/plan.ts";

/** One clip to make from one still: everything that decides its bytes, and nothing else. */
export interface RenderRequest {
  /** A still of this machine, already checked by `media/picture.ts`. */
  readonly sourcePath: string;
  /** Where the mp4 is written. */
  readonly outputPath: string;
  readonly motion: Motion;
  readonly mode: Mode;
  readonly aspect: Aspect;
  /** Whole seconds, 2 to 8. */
  readonly durationSeconds: number;
  /** 0 to 2³¹−1: the same request with the same seed gives the same frames. */
  readonly seed: number;
  readonly plan: Plan;
  /** The clip's long side in pixels; 1280 in production, less in tests. */
  readonly longSide: number;
  readonly fps: number;
}

export interface RenderOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** Frames finished, of the request's frames. */
  readonly onProgress?: (frames: number, framesTotal: number) => void;
}

export interface RenderResult {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  /**
   * 64 hex digits that stand for all raw frames: SHA-256 over each frame's XXH64, because hashing
   * the frames themselves with SHA-256 would cost a quarter of the engine's time.
   */
  readonly framesHash: string;
}

/** The local engine: renders in Workers of its own, never on the calling thread. */
export interface Engine {
  /** @throws AppError `i2v_failed`, `i2v_timeout`, `cancelled`, `source_unsupported`. */
  render(request: RenderRequest, options?: RenderOptions): Promise<RenderResult>;
  /** Ends idle Workers and kills running ones. */
  close(): Promise<void>;
}
