import facesPath from "../../assets/sight/faces.net" with { type: "file" };
import nsfwPath from "../../assets/sight/nsfw.net" with { type: "file" };
import peoplePath from "../../assets/sight/people.net" with { type: "file" };
import type { ModelArtifacts, Tensor } from "../../assets/sight/tensors.js";
import wasmPath from "../../assets/sight/tensors.wasm" with { type: "file" };
import type { FaceOutputs } from "./faces.ts";
import type { SquareView } from "./views.ts";

/** The nets, each loaded with its first picture. */
export interface Nets {
  /** Shares of the five classes of a view of 224×224. */
  classify(view: SquareView): Promise<readonly number[]>;
  /** What the face net says of a view of `faceInputSide`. */
  detectFaces(view: SquareView): Promise<FaceOutputs>;
  /** How much each pixel of a view of 256×256 is a person, 0 to 1. */
  segmentPeople(view: SquareView): Promise<ArrayLike<number>>;
}

type TensorLibrary = typeof import("../../assets/sight/tensors.js");

/** How bytes become what a net was trained on. */
const inputs = {
  unit: (byte: number) => byte / 255,
  signed: (byte: number) => byte / 127.5 - 1,
} as const;

/** The nets on the CPU, in WebAssembly on one thread. Nothing is loaded until one is used. */
export function createNets(): Nets {
  const library = once(loadLibrary);
  const nsfw = once(async () =>
    (await library()).loadLayersModel({ load: () => readNet(nsfwPath) }),
  );
  const faces = once(async () =>
    (await library()).loadGraphModel({ load: () => readNet(facesPath) }),
  );
  const people = once(async () =>
    (await library()).loadGraphModel({ load: () => readNet(peoplePath) }),
  );
  return {
    async classify(view) {
      const net = await nsfw();
      const outputs = run(await library(), view, inputs.unit, (input) => net.predict(input));
      return [...(outputs[0]?.values ?? [])];
    },
    async detectFaces(view) {
      const net = await faces();
      const outputs = run(await library(), view, inputs.signed, (input) => net.execute(input));
      const named = (...shape: readonly number[]) =>
        outputs.find((output) => output.shape.join() === shape.join())?.values ?? [];
      return {
        scores: [...named(1, 512, 1), ...named(1, 384, 1)],
        regressions: [...named(1, 512, 16), ...named(1, 384, 16)],
      };
    },
    async segmentPeople(view) {
      const net = await people();
      const outputs = run(await library(), view, inputs.unit, (input) => net.execute(input));
      return outputs[0]?.values ?? [];
    },
  };
}

async function loadLibrary(): Promise<TensorLibrary> {
  const library = await import("../../assets/sight/tensors.js");
  const environment = library.env();
  // Its own would ask the network for files: this one reads those that the program carries.
  environment.platform = {
    fetch: async (path: string) => new Response(Bun.file(path)),
    now: () => performance.now(),
    encode: (text) => new TextEncoder().encode(text),
    decode: (bytes) => new TextDecoder().decode(bytes),
    setTimeoutCustom: (task, delayMs) => setTimeout(task, delayMs),
    isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  };
  environment.set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  library.setWasmPaths(
    Object.fromEntries(
      ["", "-simd", "-threaded-simd"].map((kind) => [`tfjs-backend-wasm${kind}.wasm`, wasmPath]),
    ),
  );
  library.setThreadsCount(1);
  await library.setBackend("wasm");
  await library.ready();
  return library;
}

/** The length of the description in four bytes, the description, the weights. */
async function readNet(path: string): Promise<ModelArtifacts> {
  const bytes = await Bun.file(path).arrayBuffer();
  const weightsAt = 4 + new DataView(bytes).getUint32(0, true);
  const { format, modelTopology, weightsManifest } = JSON.parse(
    new TextDecoder().decode(bytes.slice(4, weightsAt)),
  ) as NetDescription;
  return {
    ...(format === undefined ? {} : { format }),
    modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: bytes.slice(weightsAt),
  };
}

interface NetDescription {
  readonly format?: string;
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly weights: readonly object[] }[];
}

interface Output {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Runs a net and takes its outputs out of the library's memory, which keeps nothing of it. */
function run(
  library: TensorLibrary,
  { pixels, side }: SquareView,
  input: (byte: number) => number,
  predict: (input: Tensor) => Tensor | readonly Tensor[],
): readonly Output[] {
  return library.tidy(() => {
    const outputs = predict(library.tensor4d(Float32Array.from(pixels, input), [1, side, side, 3]));
    return [outputs].flat().map((tensor) => ({
      shape: tensor.shape,
      values: tensor.dataSync(),
    }));
  });
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
