import { accessSync, constants } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../errors.ts";
import { type AvTask, examineLibrary } from "./ffmpeg/av.ts";
import { commandArguments, examineCommand } from "./ffmpeg/command.ts";
import { createProcessMedia } from "./ffmpeg/process-media.ts";
import type { Media, MediaConfig, MediaTool } from "./media.ts";

/** Where a tool is looked for; a test looks elsewhere. */
export interface ToolPlaces {
  /** The folder of the executable. */
  readonly besideExecutable: string;
  /** As the variable PATH has it; the machine's own when not given. */
  readonly searchPath?: string;
  /** What starts our child process around the library, if not what would start it here. */
  readonly libraryArgv?: readonly string[];
}

type Finding = MediaTool | { readonly problem: string };

/**
 * Finds an ffmpeg and opens it.
 * @throws AppError `missing_tool` that says what was found wanting and what to install.
 */
export async function openMedia(config: MediaConfig): Promise<Media> {
  return openMediaWith(await resolveTool(config));
}

/** Opens a tool that was found before: in a Worker, say. Costs nothing until it is used. */
export function openMediaWith(tool: MediaTool): Media {
  const [path = "", ...rest] = tool.argv;
  switch (tool.kind) {
    case "command":
      return createProcessMedia(tool, (recipe) => ({
        argv: [path, ...rest, ...commandArguments(recipe)],
      }));
    case "library":
      return createProcessMedia(tool, (recipe) => ({
        argv: tool.argv,
        firstLine: JSON.stringify({ kind: "run", recipe } satisfies AvTask),
      }));
  }
}

/**
 * The first of these that can do what we need: `FFMPEG_PATH` (and then nothing else), a command
 * beside the executable, `ffmpeg` on the PATH, the npm package `node-av`.
 * @throws AppError `missing_tool` that says what was found wanting and what to install.
 */
export async function resolveTool(
  config: MediaConfig,
  places: ToolPlaces = { besideExecutable: dirname(process.execPath) },
): Promise<MediaTool> {
  const { ffmpegPath } = config;
  if (ffmpegPath !== undefined) {
    const found = await examineCommand(Bun.which(ffmpegPath) ?? ffmpegPath);
    if ("kind" in found) return found;
    throw new AppError("missing_tool", `FFMPEG_PATH: ${ffmpegPath} ${found.problem}`);
  }
  const problems: string[] = [];
  for (const { name, examine } of candidates(places)) {
    const found = await examine();
    if ("kind" in found) return found;
    problems.push(`  ${name} ${found.problem}`);
  }
  throw new AppError("missing_tool", `${advice}\n${problems.join("\n")}`);
}

const advice =
  "no usable ffmpeg was found. Install ffmpeg 5.1 or newer with libx264 (apt-get install ffmpeg, " +
  "brew install ffmpeg, winget install ffmpeg), or name one in FFMPEG_PATH. Looked at:";

function candidates(
  places: ToolPlaces,
): readonly { readonly name: string; readonly examine: () => Promise<Finding> }[] {
  const name = process.platform === "win32" ? "ffmpeg.exe" : "ffmpeg";
  const beside = join(places.besideExecutable, name);
  const options = places.searchPath === undefined ? {} : { PATH: places.searchPath };
  const onPath = Bun.which(name, options);
  return [
    { name: beside, examine: () => examineFile(beside) },
    {
      name: onPath ?? "ffmpeg on the PATH",
      examine: async () => (onPath ? examineCommand(onPath) : { problem: "is not there" }),
    },
    { name: "the npm package node-av:", examine: () => examineLibrary(places.libraryArgv) },
  ];
}

async function examineFile(path: string): Promise<Finding> {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    return { problem: "is not there" };
  }
  return examineCommand(path);
}
