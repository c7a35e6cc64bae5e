/**
 * Makes `dist/motioness`: one file that carries the page, the samples, the kernel, the workers and
 * sharp, and runs from an empty folder.
 *
 *   bun build/executable.ts [--target bun-linux-arm64] [--outfile dist/motioness] [--with-ffmpeg]
 */
import { statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { BunPlugin } from "bun";
import { embedNodeAv } from "./embed-node-av.ts";
import { embedSharp } from "./embed-sharp.ts";

const root = join(import.meta.dir, "..");
const workerUrl = /new URL\(\s*"(\.\/[^"]+\.ts)",\s*import\.meta\.url,?\s*\)/g;

export interface ExecutableOptions {
  /** As `bun build --target` names it; this machine when undefined. */
  readonly target: string | undefined;
  readonly outfile: string;
  readonly withFfmpeg: boolean;
}

/** Builds the executable. @returns its size in bytes. */
export async function buildExecutable(options: ExecutableOptions): Promise<number> {
  const system = systemOf(options.target);
  const result = await Bun.build({
    entrypoints: [join(root, "src/main.ts"), ...workerFiles()],
    root: join(root, "src"),
    minify: true,
    bytecode: true,
    // What is imported at its first use is then read at its first use, and not at every start.
    splitting: true,
    format: "esm",
    define: {
      RELEASE_BUILD: "true",
      BUILD_COMMIT: JSON.stringify(commit()),
      BUILD_TARGET: JSON.stringify(options.target ?? `bun-${system}`),
    },
    plugins: [
      placeWorkers(),
      embedSharp(system, root),
      options.withFfmpeg ? await embedNodeAv(system, root) : leaveOutNodeAv(),
    ],
    compile: {
      outfile: options.outfile,
      ...(options.target === undefined
        ? {}
        : { target: options.target as Bun.Build.CompileTarget }),
      // A stray .env or bunfig.toml in the folder it is started from is none of its business.
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
  });
  if (!result.success) throw new AggregateError(result.logs, "the executable could not be built");
  return statSync(options.outfile).size;
}

/** Modules that are started in Workers: the bundler must be told, for it follows imports only. */
function workerFiles(): readonly string[] {
  const sources = new Bun.Glob("src/**/{worker,*-worker}.ts").scanSync({ cwd: root });
  return [...sources].sort().map((path) => join(root, path));
}

/**
 * In the executable every module has the URL of the whole: what it names must be named from there.
 */
function placeWorkers(): BunPlugin {
  return {
    name: "place-workers",
    setup(build) {
      build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        const text = await Bun.file(path).text();
        const contents = text.replaceAll(workerUrl, (_, file: string) => {
          const fromTop = relative(join(root, "src"), join(path, "..", file)).replaceAll("\\", "/");
          return `new URL("./${fromTop}", import.meta.url)`;
        });
        return { contents, loader: "ts" };
      });
    },
  };
}

/** Its licences do not mix well: the executable that is published uses the machine's ffmpeg. */
function leaveOutNodeAv(): BunPlugin {
  return {
    name: "leave-out-node-av",
    setup(build) {
      build.onResolve({ filter: /^node-av($|\/)/ }, ({ path }) => ({ path, namespace: "absent" }));
      build.onLoad({ filter: /.*/, namespace: "absent" }, ({ path }) => ({
        loader: "js",
        contents: `throw new Error(${JSON.stringify(`${path} is not part of this build`)});`,
      }));
    },
  };
}

/** The system as native packages name it: `bun-linux-x64-musl` is `linuxmusl-x64`. */
function systemOf(target: string | undefined): string {
  if (target === undefined) return `${process.platform}-${process.arch}`;
  const parts = /^bun-(linux|darwin|windows)-(x64|arm64)(?:-(baseline|modern|musl))*$/.exec(target);
  if (!parts) throw new Error(`${target} is no target: expected, say, bun-linux-arm64`);
  const platform = parts[1] === "windows" ? "win32" : parts[1];
  return `${platform}${target.includes("-musl") ? "musl" : ""}-${parts[2]}`;
}

function commit(): string {
  const git = (...args: string[]) => Bun.spawnSync(["git", ...args], { cwd: root });
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head.exitCode !== 0) return "unknown";
  const isChanged = git("status", "--porcelain", "--untracked-files=no").stdout.length > 0;
  return `${head.stdout.toString().trim()}${isChanged ? "+changes" : ""}`;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      target: { type: "string" },
      outfile: { type: "string", default: join(root, "dist/motioness") },
      "with-ffmpeg": { type: "boolean", default: false },
    },
  });
  const { target, outfile } = values;
  const bytes = await buildExecutable({ target, outfile, withFfmpeg: values["with-ffmpeg"] });
  console.log(`${relative(process.cwd(), outfile)}  ${(bytes / 1e6).toFixed(1)} MB`);
}
