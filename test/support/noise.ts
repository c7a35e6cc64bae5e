import { createRandom } from "../../src/motion/random.ts";

/** Bytes without any pattern: the hardest picture there is, the same for the same seed. */
export function noiseBytes(length: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
