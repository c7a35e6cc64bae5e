/** What the decoder configuration of an H.264 stream (`avcC`) says of its pictures. */
export interface H264Config {
  /** As ffprobe names it. */
  readonly profile: string;
  readonly pixelFormat: string;
}

const profiles: { readonly [profile: number]: string } = {
  66: "Baseline",
  77: "Main",
  88: "Extended",
  100: "High",
  110: "High 10",
  122: "High 4:2:2",
  244: "High 4:4:4 Predictive",
};

/** Profiles whose parameter set names the chroma format; all others are 4:2:0 with 8 bits. */
const profilesWithChroma = [100, 110, 122, 244, 44, 83, 86, 118, 128];

const chromaNames = ["gray", "yuv420p", "yuv422p", "yuv444p"];

/**
 * Reads the first sequence parameter set (ITU-T H.264 §7.3.2.1.1), as far as the chroma format.
 * @returns undefined when the record does not hold one.
 */
export function readH264Config(record: Uint8Array): H264Config | undefined {
  const [version, , , , , setCount = 0] = record;
  const length = ((record[6] ?? 0) << 8) | (record[7] ?? 0);
  const parameterSet = record.subarray(8, 8 + length);
  if (version !== 1 || (setCount & 0x1f) === 0 || parameterSet.length < 4) return undefined;
  const [, profileNumber = 0, constraints = 0] = parameterSet;
  const isConstrained = profileNumber === 66 && (constraints & 0x40) !== 0;
  return {
    profile: `${isConstrained ? "Constrained " : ""}${profiles[profileNumber] ?? profileNumber}`,
    pixelFormat: profilesWithChroma.includes(profileNumber)
      ? pixelFormatOf(withoutStuffing(parameterSet.subarray(4)))
      : "yuv420p",
  };
}

function pixelFormatOf(bytes: Uint8Array): string {
  const bits = createBitReader(bytes);
  bits.exponentialGolomb(); // seq_parameter_set_id
  const chroma = bits.exponentialGolomb();
  if (chroma === 3) bits.bit(); // separate_colour_plane_flag
  const depth = 8 + bits.exponentialGolomb();
  const name = chromaNames[chroma] ?? "unknown";
  return depth === 8 ? name : `${name}${depth}le`;
}

/** Takes out the bytes that keep a start code from appearing inside (§7.4.1.1). */
function withoutStuffing(bytes: Uint8Array): Uint8Array {
  return bytes.filter(
    (byte, index) => !(byte === 3 && bytes[index - 1] === 0 && bytes[index - 2] === 0),
  );
}

function createBitReader(bytes: Uint8Array) {
  let position = 0;
  const bit = () => {
    const value = ((bytes[position >> 3] ?? 0) >> (7 - (position & 7))) & 1;
    position++;
    return value;
  };
  return {
    bit,
    /** An unsigned number of §9.1; past the end it reads zeros and gives up after 32 of them. */
    exponentialGolomb() {
      let zeros = 0;
      while (zeros < 32 && bit() === 0) zeros++;
      let value = 1;
      for (let index = 0; index < zeros; index++) value = value * 2 + bit();
      return value - 1;
    },
  };
}
