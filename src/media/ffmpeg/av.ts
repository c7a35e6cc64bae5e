import { join } from "node:path";
import { AppError } from "../../errors.ts";
import type { MediaTool } from "../media.ts";
import type { Recipe } from "./recipe.ts";
import { startToolProcess } from "./tool-process.ts";

/** What our child process around the library is asked; one JSON line on its standard input. */
export type AvTask =
  | { readonly kind: "examine" }
  | { readonly kind: "run"; readonly recipe: Recipe };

/** What it says of itself; one JSON line on its standard output. */
export interface AvAbout {
  readonly version: string;
  readonly encoders: readonly string[];
}

const examineTimeoutMs = 20_000;
const aboutBytesMax = 64 * 1024;

/** The executable starts itself again; from source the child is a file beside this one. */
export function avChildArguments(): readonly string[] {
  if (Bun.isStandaloneExecutable) return [process.execPath, "__av"];
  return [process.execPath, join(import.meta.dir, "av-child.ts")];
}

/** The library, when it is installed here and can be loaded, and else what is wrong with it. */
export async function examineLibrary(
  argv = avChildArguments(),
): Promise<MediaTool | { readonly problem: string }> {
  try {
    const child = startToolProcess(argv, { timeoutMs: examineTimeoutMs });
    // When this cannot be written the process is gone, and its end says why.
    child.write(`${JSON.stringify({ kind: "examine" } satisfies AvTask)}\n`).catch(() => {});
    await child.endInput();
    const [about] = await Promise.all([readAbout(child.output), child.ended]);
    return {
      kind: "library",
      version: about.version,
      argv,
      encoders: new Set(about.encoders),
    };
  } catch (error) {
    return { problem: error instanceof AppError ? textOf(error) : String(error) };
  }
}

async function readAbout(output: ReadableStream<Uint8Array>): Promise<AvAbout> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of output) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > aboutBytesMax) throw new Error("it says more than was asked");
  }
  return text === "" ? { version: "", encoders: [] } : (JSON.parse(text) as AvAbout);
}

function textOf(error: AppError): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
