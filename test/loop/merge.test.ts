import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { closeLoop } from "../../src/loop/merge.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { encodeGreyClip } from "../support/still-clip.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
afterAll(() => folder.close());

test("closing a periodic loop keeps every frame and puts the index first", async () => {
  const media = await openMedia({ ffmpegPath: undefined });
  const [from, to] = [join(folder.path, "from.mp4"), join(folder.path, "to.mp4")];
  await encodeGreyClip(from, 2);
  const { signal } = new AbortController();
  expect(await closeLoop(media, { from, to, signal })).toEqual({
    loop_mode: "native",
    loop_method: "periodic",
  });
  expect(await media.probe(to)).toMatchObject({ frames: 60, fps: 30, isFastStart: true });
});
