/** The library of `assets/sight/tensors.js`, as far as it is used. Source: TensorFlow.js 4.22. */
declare module "*/sight/tensors.js" {
  export interface Tensor {
    readonly shape: readonly number[];
    dataSync(): Float32Array;
  }
  export interface Model {
    dispose(): void;
  }
  export interface GraphModel extends Model {
    execute(input: Tensor): Tensor | Tensor[];
  }
  export interface LayersModel extends Model {
    predict(input: Tensor): Tensor;
  }
  /** A model's description and weights, in the library's own form. */
  export interface ModelArtifacts {
    readonly format?: string;
    readonly modelTopology: object;
    readonly weightSpecs: readonly object[];
    readonly weightData: ArrayBuffer;
  }
  interface ModelReader {
    load(): Promise<ModelArtifacts>;
  }
  export function loadGraphModel(reader: ModelReader): Promise<GraphModel>;
  export function loadLayersModel(reader: ModelReader): Promise<LayersModel>;
  export function tensor4d(values: Float32Array, shape: readonly number[]): Tensor;
  export function dispose(tensors: readonly Tensor[]): void;
  export function tidy<T>(work: () => T): T;
  export function setBackend(name: "wasm"): Promise<boolean>;
  export function ready(): Promise<void>;
  export function setThreadsCount(count: number): void;
  export function setWasmPaths(paths: Readonly<Record<string, string>>): void;
  /** What the library asks of the system. */
  export interface Platform {
    fetch(path: string): Promise<Response>;
    now(): number;
    encode(text: string): Uint8Array;
    decode(bytes: Uint8Array): string;
    setTimeoutCustom(task: () => void, delayMs: number): void;
    isTypedArray(value: unknown): boolean;
  }
  export function env(): {
    platform: Platform | undefined;
    set(flag: string, value: boolean): void;
  };
}

/** The library of `assets/sight/onnx.js`, as far as it is used. Source: ONNX Runtime 1.23. */
declare module "*/sight/onnx.js" {
  export const env: {
    logLevel: "error" | "fatal";
    readonly wasm: { numThreads: number; proxy: boolean; wasmBinary?: ArrayBuffer };
  };
  export class Tensor {
    constructor(type: "float32", data: Float32Array, dims: readonly number[]);
    readonly type: string;
    readonly data: ArrayLike<number>;
    readonly dims: readonly number[];
    dispose(): void;
  }
  interface TensorMetadata {
    readonly isTensor: boolean;
    readonly type?: string;
    /** A text where the size is open. */
    readonly shape?: readonly (number | string)[];
  }
  export class InferenceSession {
    static create(model: Uint8Array, options: object): Promise<InferenceSession>;
    readonly inputNames: readonly string[];
    readonly outputNames: readonly string[];
    readonly inputMetadata: readonly TensorMetadata[];
    run(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
    release(): Promise<void>;
  }
}

/** Files of `assets/sight`, imported `with { type: "file" }`: their paths. */
declare module "*.net" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the runtime hands out a file's path.
  export default path;
}
declare module "*.md" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the runtime hands out a file's path.
  export default path;
}
declare module "*.zst" {
  const path: string;
  // biome-ignore lint/style/noDefaultExport: this is how the runtime hands out a file's path.
  export default path;
}
