import { join } from "node:path";
import type { EncodeSpec, FrameEncoder, Media } from "../../src/media/media.ts";
import type { RenderRequest } from "../../src/motion/render.ts";

/** A bundled photograph. */
export function samplePath(name: "cat" | "coffee" | "portrait" | "rocket"): string {
  return join(import.meta.dir, "../../assets/samples", `${name}.jpg`);
}

/** A small clip, drawn in a tenth of a second. */
export const smallRequest: RenderRequest = {
  sourcePath: samplePath("coffee"),
  outputPath: "clip.mp4",
  motion: "medium",
  mode: "loop",
  aspect: "16:9",
  durationSeconds: 2,
  seed: 7,
  plan: { focal: { x: 0.5, y: 0.4 }, camera: "flat" },
  longSide: 128,
  fps: 30,
};

export interface RecordedEncoder {
  readonly media: Pick<Media, "encodeRaw">;
  readonly specs: EncodeSpec[];
  /** Sizes of the frames that came. */
  readonly frames: number[];
  /** What was called besides `write`, in order. */
  readonly calls: string[];
}

/** An encoder that takes frames and keeps nothing but what was asked of it. */
export function recordEncoder(onFrame: (index: number) => void = () => {}): RecordedEncoder {
  const recorded = { specs: [] as EncodeSpec[], frames: [] as number[], calls: [] as string[] };
  const encoder: FrameEncoder = {
    write: async (frame) => {
      recorded.frames.push(frame.length);
      onFrame(recorded.frames.length - 1);
    },
    finish: async () => {
      recorded.calls.push("finish");
    },
    abort: async () => {
      recorded.calls.push("abort");
    },
  };
  const encodeRaw = (spec: EncodeSpec) => {
    recorded.specs.push(spec);
    return encoder;
  };
  return { ...recorded, media: { encodeRaw } };
}
