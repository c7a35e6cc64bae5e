import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { examineLibrary } from "../../../src/media/ffmpeg/av.ts";
import { openMediaWith } from "../../../src/media/open-media.ts";
import { mediaContract } from "../../contracts/media.ts";
import { mediaEndingsContract } from "../../contracts/media-endings.ts";
import { transcodeContract } from "../../contracts/media-transcode.ts";
import { settle } from "../../support/until.ts";

const found = await examineLibrary();
const suite = "the ffmpeg library in a child process";

if ("kind" in found) {
  describe(suite, () => {
    mediaContract(found);
    mediaEndingsContract(found);
    transcodeContract(found);
  });
} else test.skip(`${suite}: none that can be used, ${found.problem}`, () => {});

test.skipIf(!("kind" in found))(
  "frames arrive whole although the child's standard output is non-blocking",
  async () => {
    // As in the executable, whose command line has made it so by looking at it.
    const entry = JSON.stringify(join(import.meta.dir, "../../../src/media/ffmpeg/av-child.ts"));
    const script = `process.stdout.on("error", () => {}); (await import(${entry})).runAvChild();`;
    const argv = [process.execPath, "-e", script];
    const media = openMediaWith({ kind: "library", version: "", argv, encoders: new Set() });
    const size = { width: 640, height: 360, frames: 20 };
    const graph = "color=s=640x360";
    let frames = 0;
    for await (const _ of media.graph({ graph, pixelFormat: "yuv420p", ...size })) {
      frames++;
      // The reader is slower than the writer.
      await settle();
    }
    expect(frames).toBe(20);
  },
);

describe("examining the library", () => {
  test.each([
    ["a child that says why not", ["sh", "-c", "echo no package >&2; exit 1"], "no package"],
    ["a child that crashes", ["sh", "-c", "kill -SEGV $$"], "it ended with SIGSEGV"],
    ["a child that is not there", ["/no/such/program"], "ENOENT"],
    ["a child that talks nonsense", ["sh", "-c", "echo hello"], "JSON"],
  ])("%s is a problem, and no exception", async (_, argv, problem) => {
    const answer = await examineLibrary(argv);
    expect(answer).toMatchObject({ problem: expect.stringContaining(problem) });
  });
});
