import type { EncodeSpec, Media, MediaOptions } from "../../src/media/media.ts";

/** A yuv420p frame that is grey all over. */
export function greyFrame(width: number, height: number, level: number): Uint8Array {
  const frame = new Uint8Array((width * height * 3) / 2).fill(128);
  frame.fill(level, 0, width * height);
  return frame;
}

/** Luma of a ramp that moves `shift` pixels to the left, on grey chroma: a frame of a plain pan. */
export function rampFrame(width: number, height: number, shift: number): Uint8Array {
  const frame = greyFrame(width, height, 0);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const phase = (2 * Math.PI * (column + shift)) / width;
      frame[row * width + column] = Math.round(126 + 80 * Math.sin(phase) * Math.cos(row / 5));
    }
  }
  return frame;
}

/** Encodes frames to a file and waits for it. */
export async function encodeFrames(
  media: Pick<Media, "encodeRaw">,
  spec: EncodeSpec,
  frames: Iterable<Uint8Array>,
  options: MediaOptions = {},
): Promise<void> {
  const encoder = media.encodeRaw(spec, options);
  for (const frame of frames) await encoder.write(frame);
  await encoder.finish();
}
