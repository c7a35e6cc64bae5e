import type { Media } from "../media/media.ts";

export interface LoopFiles {
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
}

/** How a loop was closed, as its generation records it. */
export interface LoopClosing {
  /** `native`: no blended frame at the close. */
  readonly loop_mode: "native" | "crossfade";
  readonly loop_method: "periodic";
}

/**
 * Closes a loop whose clip already returns to its start: the frames stay as they are, and the
 * file is laid out so that it plays from its first byte on.
 */
export async function closeLoop(media: Media, files: LoopFiles): Promise<LoopClosing> {
  await media.remux({ from: files.from, to: files.to }, { signal: files.signal });
  return { loop_mode: "native", loop_method: "periodic" };
}
