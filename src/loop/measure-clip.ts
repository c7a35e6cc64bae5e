import type { Media } from "../media/media.ts";
import { measureSeam, type Seam, seamWidth } from "./seam.ts";

/** Longer than any clip of ours takes to decode, even on a slow machine. */
const decodeTimeoutMs = 60_000;

/**
 * Decodes a clip to small luma planes and measures its seam on the calling thread, which it
 * occupies. @throws AppError `i2v_failed`, `i2v_timeout`, `cancelled`.
 */
export async function measureClip(
  media: Pick<Media, "probe" | "decodeRaw">,
  path: string,
  signal: AbortSignal,
): Promise<Seam> {
  const clip = await media.probe(path, { signal });
  const width = Math.min(seamWidth, clip.width);
  const size = { width, height: 2 * Math.round((width * clip.height) / clip.width / 2) };
  const options = { signal, timeoutMs: decodeTimeoutMs };
  const frames = media.decodeRaw({ path, pixelFormat: "gray", ...size }, options);
  return measureSeam(frames, size);
}
