import { afterAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createProcessMedia } from "../../../src/media/ffmpeg/process-media.ts";
import type { Recipe } from "../../../src/media/ffmpeg/recipe.ts";
import { codeOf } from "../../support/app-error.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());

/** Media over a shell script that stands in for ffmpeg. */
function mediaOver(script: string, firstLine?: string) {
  const argv = ["sh", "-c", script];
  const recipes: Recipe[] = [];
  const media = createProcessMedia(
    { kind: "command", version: "0", argv, encoders: new Set() },
    (recipe) => {
      recipes.push(recipe);
      return { argv, ...(firstLine === undefined ? {} : { firstLine }) };
    },
  );
  return { media, recipes };
}

const graph = { graph: "color", pixelFormat: "gray", width: 4, height: 2, frames: 3 } as const;
const spec = (name: string) => ({
  path: join(directory.path, name),
  width: 4,
  height: 2,
  fps: 30,
  threads: 1,
});

describe("media over processes", () => {
  test("frames are cut out of the output wherever its pieces end", async () => {
    const script = "for piece in abc defghij klmnopqrs t u v wx; do printf $piece; done";
    const frames = await Array.fromAsync(mediaOver(script).media.graph(graph));
    const texts = frames.map((frame) => new TextDecoder().decode(frame));
    expect(texts).toEqual(["abcdefgh", "ijklmnop", "qrstuvwx"]);
  });

  test.each([
    ["in the midst of a frame", "printf 12345678901234567890123"],
    ["a frame early", "printf 1234567890123456"],
    ["a frame late", "printf 12345678901234567890123456789012"],
  ])("output that ends %s is refused", async (_, script) => {
    expect(await codeOf(Array.fromAsync(mediaOver(script).media.graph(graph)))).toBe("i2v_failed");
  });

  test("a failure counts more than the frames that are missing", async () => {
    const { media } = mediaOver("printf 12345; exit 1");
    const failing = Array.fromAsync(media.graph(graph));
    expect(failing).rejects.toThrow("exit code 1");
  });

  test("frames are told as they are handed out", async () => {
    const told: number[] = [];
    const onProgress = (frames: number) => told.push(frames);
    const { media } = mediaOver("printf 123456789012345678901234");
    await Array.fromAsync(media.graph(graph, { onProgress }));
    expect(told).toEqual([1, 2, 3]);
  });

  test("progress is read from lines, in whatever pieces, and never goes back", async () => {
    const told: number[] = [];
    const lines =
      "printf 'fps=3\\nfra'; printf 'me=2\\nframe=  7\\nframe=5\\nnonsense\\nframe=9\\n'";
    const { media } = mediaOver(`cat > /dev/null; ${lines}`);
    const encoder = media.encodeRaw(spec("a.mp4"), { onProgress: (frames) => told.push(frames) });
    await encoder.finish();
    expect(told).toEqual([2, 7, 9]);
  });

  test("a tool that is told its task by a line gets it before any frame", async () => {
    const { path } = spec("heard");
    const { media } = mediaOver(`head -n 1 > ${path}; cat > /dev/null`, '{"kind":"run"}');
    const encoder = media.encodeRaw(spec("b.mp4"));
    await encoder.write(new Uint8Array(12));
    await encoder.finish();
    expect(await Bun.file(path).text()).toBe('{"kind":"run"}\n');
  });

  test("a file that a failed tool left is removed before anyone hears of the failure", async () => {
    const { path } = spec("left.mp4");
    const { media } = mediaOver(`echo half > ${path}; exit 1`);
    const encoder = media.encodeRaw(spec("left.mp4"));
    expect(await codeOf(encoder.finish())).toBe("i2v_failed");
    expect(existsSync(path)).toBe(false);
    const remuxed = media.remux({ from: "a.mp4", to: path });
    expect(await codeOf(remuxed)).toBe("i2v_failed");
    expect(existsSync(path)).toBe(false);
  });

  test("an encoder may be abandoned after its end, too", async () => {
    const { path } = spec("done.mp4");
    const { media } = mediaOver(`echo whole > ${path}; cat > /dev/null`);
    const encoder = media.encodeRaw(spec("done.mp4"));
    await encoder.finish();
    await encoder.abort();
    expect(existsSync(path)).toBe(false);
  });
});
