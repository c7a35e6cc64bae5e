import type { RenditionFormat } from "./rendition-format.ts";

/**
 * ffmpeg as typed operations. Two implementations pass one contract suite: the command
 * (`media/ffmpeg/command.ts`) and the npm library in a child process of ours
 * (`media/ffmpeg/av.ts`). No caller ever writes an ffmpeg argument, and every input is opened with
 * a forced demuxer and only the file protocol, so that no playlist or reference inside a file
 * makes ffmpeg read anything else.
 */
export interface Media {
  /** What was found: for the start-up line, `doctor` and `version`. */
  readonly tool: MediaTool;
  /** Starts an encoder that takes raw frames; it begins at once, to hide the start-up. */
  encodeRaw(spec: EncodeSpec, options?: MediaOptions): FrameEncoder;
  /**
   * The frames of a clip, decoded in order, in the asked format and size.
   * @throws AppError `i2v_failed` also when they are not as many as the clip's index says.
   */
  decodeRaw(spec: DecodeSpec, options?: MediaOptions): AsyncIterable<Uint8Array>;
  /** What a clip is. Counts the frames by reading the packets, not by trusting the header. */
  probe(path: string, options?: MediaOptions): Promise<ClipInfo>;
  /** Copies the video into an mp4 whose index comes first, without encoding it again. */
  remux(spec: RemuxSpec, options?: MediaOptions): Promise<void>;
  /**
   * Encodes a finished clip again, in another form. The clip itself is only read.
   * @throws AppError `unsupported_format` when this ffmpeg has no encoder for the form.
   */
  transcode(spec: TranscodeSpec, options?: MediaOptions): Promise<void>;
  /** Runs one filter graph from a generated or given picture to a clip of raw frames. */
  graph(spec: GraphSpec, options?: MediaOptions): AsyncIterable<Uint8Array>;
}

/** Which ffmpeg is used. Plain data: it is found once and handed to Workers as it is. */
export interface MediaTool {
  /** Outside `media/` only for people to read. */
  readonly kind: "command" | "library";
  readonly version: string;
  /** Where the command lies, if it is one. */
  readonly path?: string;
  /** What starts it: the command's path, or our own child process around the library. */
  readonly argv: readonly string[];
  readonly encoders: ReadonlySet<string>;
}

export interface MediaOptions {
  readonly signal?: AbortSignal;
  /** Kills the child after this long. */
  readonly timeoutMs?: number;
  /** Frames finished so far. */
  readonly onProgress?: (frames: number) => void;
}

export interface EncodeSpec {
  /** Where the clip is written; the file is whole only after `finish`. */
  readonly path: string;
  /** Both even. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Fixed by the caller, because x264's bytes depend on it. */
  readonly threads: number;
  /** Constant rate factor; 20 when not given. */
  readonly crf?: number;
}

/**
 * Takes frames as yuv420p, BT.709 in the limited range: width·height luma bytes, then both
 * quarter planes.
 */
export interface FrameEncoder {
  /** Resolves when the encoder can take the next frame; `frame` may be overwritten then. */
  write(frame: Uint8Array): Promise<void>;
  /**
   * Ends the input and waits for the file.
   * @throws AppError `i2v_failed`, `cancelled`, `i2v_timeout`.
   */
  finish(): Promise<void>;
  /** Kills the encoder and removes what it wrote. */
  abort(): Promise<void>;
}

export interface DecodeSpec {
  readonly path: string;
  /** `gray` is brightness from 0 to 255; `yuv420p` are the planes as they are coded. */
  readonly pixelFormat: "gray" | "yuv420p" | "rgb24";
  /** Scaled with an area filter when both are given. */
  readonly width?: number;
  readonly height?: number;
  /** Only this frame, counted from 0; all of them when not given. */
  readonly frame?: number;
}

export interface RemuxSpec {
  readonly from: string;
  readonly to: string;
}

export interface TranscodeSpec {
  /** An mp4 with frames in BT.709, as `encodeRaw` leaves them. */
  readonly from: string;
  readonly to: string;
  readonly format: RenditionFormat;
  /** Both even. */
  readonly width: number;
  readonly height: number;
  /** 1 keeps every frame, 2 every second one, and so on. */
  readonly frameStep: number;
  /** As the format counts it: AV1 by `crf` (less is better), WebP from 0 to 100, GIF in colours. */
  readonly quality: number;
  /** Of an animated image: it begins again after its end, for ever. A clip's player decides. */
  readonly loops: boolean;
  /** Fixed by the caller, so that the bytes do not depend on the machine. */
  readonly threads: number;
}

export interface GraphSpec {
  /** A lavfi graph that ends in one video output, made by our own code only. */
  readonly graph: string;
  readonly pixelFormat: "gray" | "yuv420p";
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}

export interface ClipInfo {
  readonly codec: string;
  readonly profile: string | undefined;
  readonly pixelFormat: string;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  readonly durationSeconds: number;
  readonly hasAudio: boolean;
  /** Whether the index (`moov`) comes before the media (`mdat`). */
  readonly isFastStart: boolean;
}

export interface MediaConfig {
  /** `FFMPEG_PATH`: used when given, and then nothing else is. */
  readonly ffmpegPath: string | undefined;
}
