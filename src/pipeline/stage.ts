import type { SuccessEvent, WorkingState } from "../assets/lifecycle.ts";
import type { Asset, Generation, GenerationChanges } from "../db/schema.ts";
import type { Log } from "../log.ts";
import type { Seam } from "../loop/seam.ts";
import type { Media } from "../media/media.ts";
import type { MotionProvider } from "../providers/motion.ts";
import type { VisionProvider } from "../providers/vision.ts";
import type { Storage } from "../storage/storage.ts";
import type { Scratch } from "./scratch.ts";

/** What the stages stand on; opened once, in `app.ts`. */
export interface PipelineDeps {
  readonly storage: Storage;
  readonly media: Media;
  readonly vision: VisionProvider;
  /** In the order of preference; the first begins new work, any resumes its own. */
  readonly motion: readonly [MotionProvider, ...MotionProvider[]];
  readonly sources: SourceReader;
  /** Measures a clip's seam off this thread. */
  readonly measureSeam: (path: string, signal: AbortSignal) => Promise<Seam>;
  readonly scratchRoot: string;
  readonly log: Log;
}

/** Reads a source: an own upload from storage, anything else through the guarded client. */
export interface SourceReader {
  /** Writes the bytes to `path`. @throws AppError `source_unfetchable`, `source_too_large`. */
  read(src: string, path: string, options: SourceOptions): Promise<void>;
}

export interface SourceOptions {
  readonly signal: AbortSignal;
  /** The project's origins: their ports may be reached. */
  readonly allowedOrigins: readonly string[];
}

/** One step's view of the work. */
export interface StageContext {
  readonly asset: Asset;
  readonly generation: Generation;
  readonly allowedOrigins: readonly string[];
  readonly brand: string | undefined;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
}

/** A stage returns its success with what it learned, or how long to wait; it throws to fail. */
export type StageOutcome<S extends WorkingState> =
  | { readonly event: SuccessEvent<S>; readonly changes: GenerationChanges }
  | { readonly waitMs: number; readonly changes: GenerationChanges };

/** One step of the pipeline. It writes nothing to the database: its outcome says what changed. */
export type Stage<S extends WorkingState> = (
  deps: PipelineDeps,
  context: StageContext,
) => Promise<StageOutcome<S>>;
