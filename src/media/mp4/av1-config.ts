/** What the decoder configuration of an AV1 stream (`av1C`) says of its pictures. */
export interface Av1Config {
  /** As ffprobe names it. */
  readonly profile: string;
  readonly pixelFormat: string;
}

const profiles = ["Main", "High", "Professional"] as const;

/**
 * Reads the configuration record (AV1 in ISO base media files, §2.3.3).
 * @returns undefined when it is none.
 */
export function readAv1Config(record: Uint8Array): Av1Config | undefined {
  const [version, profileAndLevel, flags] = record;
  // A marker bit and version 1.
  if (version !== 0x81 || profileAndLevel === undefined || flags === undefined) return undefined;
  const profile = profiles[profileAndLevel >> 5];
  return profile && { profile, pixelFormat: pixelFormatOf(flags) };
}

/** From the top: tier, high depth, twelve bits, no colour, halved across, halved down. */
function pixelFormatOf(flags: number): string {
  const isSet = (bit: number) => (flags & (1 << bit)) !== 0;
  const depth = isSet(6) ? (isSet(5) ? "12le" : "10le") : "";
  if (isSet(4)) return `gray${depth}`;
  const halving = isSet(3) ? (isSet(2) ? "420" : "422") : "444";
  return `yuv${halving}p${depth}`;
}
