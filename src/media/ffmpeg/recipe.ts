import type { DecodeSpec, EncodeSpec, GraphSpec, RemuxSpec } from "../media.ts";

/** ffmpeg's own names and values, as both the command and the library take them. */
export type RecipeOptions = Readonly<Record<string, string>>;

/**
 * One run of ffmpeg as data: one video stream in, one out. The command gets it as arguments, the
 * library's child process as JSON, so that both are asked for the same thing.
 */
export interface Recipe {
  readonly input: RecipeInput;
  /** A chain of filters; none when not given. */
  readonly filter?: string;
  readonly output: FileOutput | FramesOutput;
}

export interface RecipeInput {
  readonly url: string;
  /** Never guessed from the content: a playlist that calls itself a clip stays closed. */
  readonly format: "mov" | "rawvideo" | "lavfi";
  /** The only protocol that the input may use. */
  readonly protocol: "file" | "pipe";
  readonly options: RecipeOptions;
}

export interface FileOutput {
  readonly to: "file";
  readonly path: string;
  /** The container. */
  readonly format: "mp4" | "webp" | "avif" | "gif";
  readonly encoder: RecipeEncoder | "copy";
  readonly options: RecipeOptions;
}

export interface RecipeEncoder {
  readonly name: string;
  readonly options: RecipeOptions;
}

/** Raw frames on standard output, one after the other, in the format the filters end in. */
export interface FramesOutput {
  readonly to: "frames";
  readonly framesMax?: number;
}

/** Byte-for-byte the same file from the same frames, and an index that comes first. */
export const mp4Options: RecipeOptions = { movflags: "+faststart", fflags: "+bitexact" };

/** What every screen takes for granted; written into the stream so that no player has to guess. */
export const bt709: RecipeOptions = {
  color_range: "tv",
  colorspace: "bt709",
  color_primaries: "bt709",
  color_trc: "bt709",
};

/** Bytes for the eye at equal time: five B-frames save a fifth, a slower preset almost nothing. */
const crfDefault = 20;

export function encodeRecipe(spec: EncodeSpec): Recipe {
  return {
    input: {
      url: "pipe:0",
      format: "rawvideo",
      protocol: "pipe",
      options: {
        pixel_format: "yuv420p",
        video_size: `${spec.width}x${spec.height}`,
        framerate: String(spec.fps),
      },
    },
    // Tagged before anything else: later versions convert frames that are not tagged yet.
    filter: "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709",
    output: {
      to: "file",
      path: spec.path,
      format: "mp4",
      encoder: {
        name: "libx264",
        options: {
          preset: "veryfast",
          crf: String(spec.crf ?? crfDefault),
          bf: "5",
          profile: "high",
          ...bt709,
          flags: "+bitexact",
          threads: String(spec.threads),
          // With a look-ahead thread and four frame threads, x264 made two different files of the
          // same frames in a third of 100 runs at 902×600; without it, one file in 200 runs.
          "x264-params": "sync-lookahead=0",
        },
      },
      options: mp4Options,
    },
  };
}

export function decodeRecipe(spec: DecodeSpec): Recipe {
  const { width, height, pixelFormat, frame } = spec;
  const filters = [
    frame !== undefined && `trim=start_frame=${frame}:end_frame=${frame + 1}`,
    width !== undefined && height !== undefined && `scale=${width}:${height}:flags=area`,
    pixelFormat === "rgb24" && "scale=flags=bicubic+accurate_rnd+full_chroma_int",
    `format=${pixelFormat}`,
  ];
  return {
    input: clipInput(spec.path),
    filter: filters.filter((filter) => filter !== false).join(","),
    output: frame === undefined ? { to: "frames" } : { to: "frames", framesMax: 1 },
  };
}

export function remuxRecipe(spec: RemuxSpec): Recipe {
  return {
    input: clipInput(spec.from),
    output: { to: "file", path: spec.to, format: "mp4", encoder: "copy", options: mp4Options },
  };
}

export function graphRecipe(spec: GraphSpec): Recipe {
  return {
    input: { url: spec.graph, format: "lavfi", protocol: "file", options: {} },
    filter: `scale=${spec.width}:${spec.height},format=${spec.pixelFormat}`,
    output: { to: "frames", framesMax: spec.frames },
  };
}

/** An mp4 of this machine. */
export function clipInput(path: string): RecipeInput {
  // A bare path could be read as the name of a protocol.
  return { url: `file:${path}`, format: "mov", protocol: "file", options: {} };
}
