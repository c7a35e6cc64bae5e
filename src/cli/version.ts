import { Database } from "bun:sqlite";
import gplPath from "../../assets/notices/gpl-3.0.txt" with { type: "file" };
import olderLgplPath from "../../assets/notices/lgpl-2.1.txt" with { type: "file" };
import lgplPath from "../../assets/notices/lgpl-3.0.txt" with { type: "file" };
import packagesPath from "../../assets/notices/packages.md" with { type: "file" };
import sightPath from "../../assets/sight/THIRD_PARTY.md" with { type: "file" };
import { parseConfig } from "../config.ts";
import { toAppError } from "../errors.ts";
import { version } from "../version.ts";
import type { AddCommand } from "./command.ts";
import { type Io, say } from "./io.ts";

declare const BUILD_COMMIT: string | undefined;
declare const BUILD_TARGET: string | undefined;

/** The system that this program was made for. */
export function buildTarget(): string {
  if (typeof BUILD_TARGET !== "undefined") return BUILD_TARGET;
  return `${process.platform}-${process.arch}`;
}

/** `motioness version`: what is running, down to the libraries that make the pixels. */
export const addVersion: AddCommand = (program, io) => {
  program
    .command("version")
    .summary("print the versions of the program and of what it stands on")
    .option("--json", "print one JSON object")
    .option("--notices", "print whose all is that this program carries, and the licences")
    .action(async (options: { readonly json?: boolean; readonly notices?: boolean }) => {
      if (options.notices) return say(io, await readNotices());
      const versions = await findVersions(io);
      if (options.json) return say(io, JSON.stringify(versions));
      for (const [name, value] of Object.entries(versions)) say(io, `${name.padEnd(10)}${value}`);
    });
};

async function readNotices(): Promise<string> {
  const paths = [packagesPath, sightPath, lgplPath, gplPath, olderLgplPath];
  const texts = await Promise.all(paths.map((path) => Bun.file(path).text()));
  return texts.map((text) => text.trimEnd()).join("\n\n");
}

async function findVersions(io: Io) {
  const { versions: sharp } = (await import("sharp")).default;
  return {
    motioness: version,
    commit: typeof BUILD_COMMIT === "undefined" ? "from source" : BUILD_COMMIT,
    target: buildTarget(),
    bun: Bun.version,
    sqlite: sqliteVersion(),
    ffmpeg: await ffmpegVersion(io),
    sharp: sharp.sharp ?? "unknown",
    libvips: sharp.vips,
  };
}

function sqliteVersion(): string {
  using database = new Database(":memory:");
  return (
    database.query<{ version: string }, []>("select sqlite_version() as version").get()?.version ??
    "?"
  );
}

async function ffmpegVersion(io: Io): Promise<string> {
  const { openMedia } = await import("../media/open-media.ts");
  try {
    const { tool } = await openMedia(parseConfig(io).config.media);
    return `${tool.version} (${tool.kind === "library" ? "node-av" : tool.argv[0]})`;
  } catch (error) {
    const { code, message } = toAppError(error);
    if (code !== "missing_tool") throw error;
    return `none: ${message}`;
  }
}
