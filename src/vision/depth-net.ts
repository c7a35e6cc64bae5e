import type { InferenceSession } from "../../assets/sight/onnx.js";
import onnxWasmPath from "../../assets/sight/onnx.wasm.zst" with { type: "file" };
import { AppError } from "../errors.ts";
import type { RgbPicture } from "../kernel/planes.ts";
import type { CoarseMap } from "../scene/plan.ts";
import { type SquareView, squash } from "./views.ts";

type OnnxLibrary = typeof import("../../assets/sight/onnx.js");

/** An operator's depth model, loaded. */
export interface DepthNet {
  /** How near everything in a picture is. @throws AppError `i2v_failed`. */
  estimate(picture: RgbPicture): Promise<CoarseMap>;
  /** Runs it on an empty picture. @throws AppError `invalid_config`. */
  tryOut(): Promise<void>;
}

/** Of the map that goes into a plan, in pixels. */
const mapSide = 192;

/** Where a model leaves its input's size open: a multiple of 14 and of 32, as such models need. */
const openInputSide = 448;
const inputSideMax = 1024;

/** What ImageNet's pictures have on average, as MiDaS, DPT and Depth Anything are trained on. */
const channelMeans = [0.485, 0.456, 0.406] as const;
const channelDeviations = [0.229, 0.224, 0.225] as const;

/** Beyond these shares of all pixels, how near they are is taken for noise. */
const farthestShare = 0.02;
const nearestShare = 0.98;

/**
 * Loads a depth model (ONNX: 1×3×height×width in, relative nearness of height×width out, as MiDaS
 * and Depth Anything have them).
 * @throws AppError `invalid_config` naming the setting when the file is none that can be used.
 */
export async function createDepthNet(path: string): Promise<DepthNet> {
  const library = await loadLibrary();
  const session = await openSession(library, path);
  const input = inputOf(session, path);
  const run = async (view: SquareView): Promise<Nearness> => {
    const tensor = new library.Tensor("float32", planesOf(view), [1, 3, view.side, view.side]);
    try {
      const outputs = await session.run({ [input.name]: tensor });
      return nearnessOf(outputs[session.outputNames[0] ?? ""]);
    } finally {
      tensor.dispose();
    }
  };
  return {
    async estimate(picture) {
      const { values, width, height } = await run(await squash(picture, input.side));
      return coarseMapOf(values, width, height);
    },
    async tryOut() {
      const side = input.side;
      try {
        await run({ side, pixels: new Uint8Array(side * side * 3) });
      } catch (cause) {
        throw unusable(path, "a model that answers height×width numbers", cause);
      }
    },
  };
}

async function loadLibrary(): Promise<OnnxLibrary> {
  const library = await import("../../assets/sight/onnx.js");
  const packed = await Bun.file(onnxWasmPath).bytes();
  const bytes = await Bun.zstdDecompress(packed);
  library.env.logLevel = "fatal";
  library.env.wasm.numThreads = 1;
  library.env.wasm.proxy = false;
  library.env.wasm.wasmBinary = bytes.buffer as ArrayBuffer;
  return library;
}

async function openSession(library: OnnxLibrary, path: string): Promise<InferenceSession> {
  const file = Bun.file(path);
  if (!(await file.exists())) throw unusable(path, "a file that is there and can be read");
  try {
    return await library.InferenceSession.create(await file.bytes(), {
      executionProviders: ["wasm"],
    });
  } catch (cause) {
    throw unusable(path, "an ONNX model", cause);
  }
}

/** The name of the one input, and the side of the square that is given to it. */
function inputOf(session: InferenceSession, path: string) {
  const [name = ""] = session.inputNames;
  const shape = session.inputMetadata[0]?.shape ?? [];
  const [, channels, height, width] = shape;
  const isPicture = shape.length === 4 && (channels === 3 || typeof channels === "string");
  if (!isPicture || session.inputNames.length > 1) {
    throw unusable(path, "a model with one input of 1×3×height×width");
  }
  if (typeof height !== "number" || typeof width !== "number") return { name, side: openInputSide };
  if (height !== width || height < 32 || height > inputSideMax) {
    throw unusable(path, `a model with a square input of 32 to ${inputSideMax} pixels`);
  }
  return { name, side: height };
}

function unusable(path: string, expected: string, cause?: unknown): AppError {
  const message = `MOTIONESS_DEPTH_MODEL: got ${JSON.stringify(path)}, expected ${expected}`;
  return new AppError("invalid_config", message, { cause });
}

/** Channel by channel, each about 0 with a deviation of 1. */
function planesOf({ pixels, side }: SquareView): Float32Array {
  const planes = new Float32Array(3 * side * side);
  channelMeans.forEach((mean, channel) => {
    const scale = 1 / (255 * (channelDeviations[channel] ?? 1));
    const offset = mean / (channelDeviations[channel] ?? 1);
    const start = channel * side * side;
    for (let at = 0; at < side * side; at++) {
      planes[start + at] = (pixels[3 * at + channel] ?? 0) * scale - offset;
    }
  });
  return planes;
}

interface Nearness {
  readonly values: ArrayLike<number>;
  readonly width: number;
  readonly height: number;
}

/** The last two sizes of the output are its height and width; those before must be 1. */
function nearnessOf(
  output: { readonly data: ArrayLike<number>; readonly dims: readonly number[] } | undefined,
): Nearness {
  const [width = 0, height = 0, ...others] = [...(output?.dims ?? [])].reverse();
  const isMap = width > 1 && height > 1 && others.every((size) => size === 1);
  if (!output || !isMap || output.data.length !== width * height) {
    throw new AppError("i2v_failed", "the depth model answered something else than a map", {
      cause: new Error(`its output has the sizes ${output?.dims.join("×")}`),
    });
  }
  return { values: output.data, width, height };
}

/** Stretched between the far and the near end, and scaled to the plan's size. */
function coarseMapOf(values: ArrayLike<number>, width: number, height: number): CoarseMap {
  const sorted = Float32Array.from(values).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const [far, near] = [at(farthestShare), at(nearestShare)];
  const bytes = Uint8Array.from({ length: mapSide * mapSide }, (_, index) => {
    const x = ((index % mapSide) + 0.5) / mapSide;
    const y = (Math.floor(index / mapSide) + 0.5) / mapSide;
    const value = values[Math.floor(y * height) * width + Math.floor(x * width)] ?? far;
    const share = near > far ? (value - far) / (near - far) : 0;
    return Math.round(255 * Math.min(1, Math.max(0, share)));
  });
  return { width: mapSide, height: mapSide, bytes: Buffer.from(bytes).toString("base64") };
}
