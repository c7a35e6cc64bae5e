import { join, resolve } from "node:path";
import asc from "assemblyscript/asc";

const root = resolve(import.meta.dir, "..");
const sourceEntry = "src/kernel/assembly/exports.ts";

/** Where the compiled kernel lies in the tree. It is committed; a test compiles it anew. */
export const kernelPath = join(root, "src/kernel/kernel.wasm");

const compilerOptions = [
  // Nothing is ever freed singly, so no allocator and no collector are linked.
  ...["--runtime", "stub"],
  ...["--optimizeLevel", "3", "--shrinkLevel", "0", "--converge", "--noAssert"],
  ...["--enable", "simd", "--enable", "bulk-memory"],
  // 64 KiB pages: the memory grows from one to 256 MiB at most.
  ...["--initialMemory", "1", "--maximumMemory", "4096"],
  // The kernel imports nothing: a trap is its only failure.
  ...["--use", "abort="],
];

/** Compiles the kernel's AssemblyScript. The same sources give the same bytes on any machine. */
export async function compileKernel(): Promise<Uint8Array> {
  let compiled: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [sourceEntry, "--baseDir", root, "--outFile", "kernel.wasm", ...compilerOptions],
    {
      writeFile: (name, contents) => {
        if (name === "kernel.wasm" && typeof contents !== "string") compiled = contents;
      },
    },
  );
  if (error !== null || compiled === undefined) {
    throw new Error(`the kernel does not compile:\n${stderr.toString()}`, { cause: error });
  }
  return compiled;
}

/** Compiles the kernel into the tree. */
export async function buildKernel(): Promise<void> {
  await Bun.write(kernelPath, await compileKernel());
}

if (import.meta.main) await buildKernel();
