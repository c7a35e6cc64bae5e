import { describe, expect, test } from "bun:test";
import { chmod, symlink } from "node:fs/promises";
import { join } from "node:path";
import { openMedia, openMediaWith, resolveTool } from "../../src/media/open-media.ts";
import { errorOf } from "../support/app-error.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const nothing = { ffmpegPath: undefined };
const nowhere = {
  besideExecutable: "/no/such/folder",
  searchPath: "/no/such/folder",
  libraryArgv: ["sh", "-c", "echo it is not installed >&2; exit 1"],
};
/** Any usable command, to be found under names and in places of the test's own. */
const installed = Bun.which("ffmpeg");

describe("finding an ffmpeg", () => {
  test("FFMPEG_PATH is used, and when it cannot be used nothing else is", async () => {
    const error = await errorOf(openMedia({ ffmpegPath: "/no/such/ffmpeg" }));
    expect(error.code).toBe("missing_tool");
    expect(error.message).toStartWith("FFMPEG_PATH: /no/such/ffmpeg cannot be run: ");
  });

  test("without any, the error says what was looked at and what to install", async () => {
    const error = await errorOf(resolveTool(nothing, nowhere));
    expect(error.code).toBe("missing_tool");
    for (const part of [
      "Install ffmpeg 5.1 or newer with libx264",
      "apt-get install ffmpeg",
      "/no/such/folder/ffmpeg is not there",
      "ffmpeg on the PATH is not there",
      "the npm package node-av: it is not installed",
    ]) {
      expect(error.message).toContain(part);
    }
  });

  test.skipIf(installed === null)("FFMPEG_PATH may be a path or a name", async () => {
    const byPath = await resolveTool({ ffmpegPath: installed ?? "" }, nowhere);
    const byName = await resolveTool({ ffmpegPath: "ffmpeg" }, nowhere);
    expect(byPath.path).toBe(installed ?? "");
    expect(byName).toEqual(byPath);
  });

  test.skipIf(installed === null)("one beside the executable goes before the PATH", async () => {
    await using beside = await openFolder();
    await using onPath = await openFolder();
    for (const folder of [beside, onPath]) {
      await symlink(installed ?? "", join(folder.path, "ffmpeg"));
    }
    const places = { ...nowhere, besideExecutable: beside.path, searchPath: onPath.path };
    expect((await resolveTool(nothing, places)).path).toBe(join(beside.path, "ffmpeg"));
    const elsewhere = { ...places, besideExecutable: "/no/such/folder" };
    expect((await resolveTool(nothing, elsewhere)).path).toBe(join(onPath.path, "ffmpeg"));
  });

  test.skipIf(installed === null)("one that cannot be used is passed over", async () => {
    await using beside = await openFolder();
    await using onPath = await openFolder();
    const broken = join(beside.path, "ffmpeg");
    await Bun.write(broken, "#!/bin/sh\necho ffmpeg version 4.4.2\n");
    await chmod(broken, 0o755);
    await symlink(installed ?? "", join(onPath.path, "ffmpeg"));
    const places = { ...nowhere, besideExecutable: beside.path, searchPath: onPath.path };
    expect((await resolveTool(nothing, places)).path).toBe(join(onPath.path, "ffmpeg"));
    const error = await errorOf(resolveTool(nothing, { ...places, searchPath: "/no" }));
    expect(error.message).toContain(`${broken} is version 4.4.2, older than 5.1`);
  });

  test("without a command the library is asked", async () => {
    const about = JSON.stringify({ version: "8.1", encoders: ["libx264"] });
    const libraryArgv = ["sh", "-c", `cat > /dev/null; echo '${about}'`];
    const tool = await resolveTool(nothing, { ...nowhere, libraryArgv });
    expect(tool).toEqual({
      kind: "library",
      version: "8.1",
      argv: libraryArgv,
      encoders: new Set(["libx264"]),
    });
  });
});

describe("opening a tool that was found", () => {
  test("starts nothing", () => {
    const tool = {
      kind: "library",
      version: "1",
      argv: ["/no"],
      encoders: new Set<string>(),
    } as const;
    expect(openMediaWith(tool).tool).toBe(tool);
  });

  test("works from a copy, as a Worker gets it", async () => {
    const argv = ["sh", "-c", 'printf "%s" "$*" | head -c 8', "sh"];
    const tool = { kind: "command", version: "1", argv, encoders: new Set<string>() } as const;
    const media = openMediaWith(structuredClone(tool));
    const spec = { graph: "x", pixelFormat: "gray", width: 4, height: 2, frames: 1 } as const;
    const [frame] = await Array.fromAsync(media.graph(spec));
    expect(new TextDecoder().decode(frame)).toBe("-hide_ba");
  });
});

async function openFolder() {
  const directory = await openTemporaryDirectory();
  return { path: directory.path, [Symbol.asyncDispose]: () => directory.close() };
}
