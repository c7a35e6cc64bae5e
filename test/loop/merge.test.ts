import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { closeLoop } from "../../src/loop/merge.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { codeOf } from "../support/app-error.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());
const media = await openMedia({ ffmpegPath: undefined });
const from = join(import.meta.dir, "../fixtures/sound-index-last.mp4");
const to = join(directory.path, "loop.mp4");

test("a loop that returns by itself is only laid out for playing, with every frame", async () => {
  const { signal } = new AbortController();
  expect(await closeLoop(media, { from, to, signal })).toEqual({
    loop_mode: "native",
    loop_method: "periodic",
  });
  expect(await media.probe(to)).toMatchObject({ frames: 15, isFastStart: true, hasAudio: false });
});

test("and not at all when nobody waits for it", async () => {
  expect(await codeOf(closeLoop(media, { from, to, signal: AbortSignal.abort() }))).toBe(
    "cancelled",
  );
});
