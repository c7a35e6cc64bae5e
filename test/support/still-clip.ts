import { openMedia } from "../../src/media/open-media.ts";

/** Encodes a grey clip of `seconds` at 30 frames a second: the smallest that is a real clip. */
export async function encodeGreyClip(path: string, seconds: number): Promise<void> {
  const media = await openMedia({ ffmpegPath: undefined });
  const size = { width: 64, height: 64 };
  const encoder = media.encodeRaw({ path, ...size, fps: 30, threads: 1 });
  const frame = new Uint8Array((size.width * size.height * 3) / 2).fill(128);
  for (let index = 0; index < seconds * 30; index += 1) await encoder.write(frame);
  await encoder.finish();
}
