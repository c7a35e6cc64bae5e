import { afterAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../src/errors.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { animateOnce, type OneShotRequest } from "../../src/pipeline/one-shot.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { smallPicture } from "../support/small-picture.ts";
import { encodeGreyClip } from "../support/still-clip.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
afterAll(() => folder.close());
const clipPath = join(folder.path, "clip.mp4");
const sourcePath = join(folder.path, "still.png");
await encodeGreyClip(clipPath, 2);
await Bun.write(sourcePath, await smallPicture());

const seam = { sr: 1, ar: 1, delta: 0, lumaStep: 0 };
const { signal } = new AbortController();

async function animate(request: Partial<OneShotRequest>, fault?: Error) {
  const deps = {
    media: await openMedia({ ffmpegPath: undefined }),
    vision: createFakeVision(),
    motion: createFakeMotion({ clipPath, script: [fault] }),
    measureSeam: async () => seam,
    scratchRoot: join(folder.path, "scratch"),
  };
  const defaults: OneShotRequest = {
    sourcePath,
    outputPath: join(folder.path, "unnamed.mp4"),
    motion: "medium",
    mode: "loop",
    aspect: "preserve",
    durationSeconds: 2,
    seed: 1,
    prompt: undefined,
  };
  return animateOnce(deps, { ...defaults, ...request }, { signal });
}

test("a loop is measured and closed; another mode is neither", async () => {
  const loop = await animate({ outputPath: join(folder.path, "loop.mp4") });
  expect(loop).toMatchObject({ seam, clip: { frames: 60, isFastStart: true } });
  expect(loop.bytes).toBe(Bun.file(join(folder.path, "loop.mp4")).size);
  const single = await animate({ mode: "animate-in", outputPath: join(folder.path, "in.mp4") });
  expect(single.seam).toBeUndefined();
  expect(await Bun.file(join(folder.path, "in.mp4")).bytes()).toEqual(
    await Bun.file(clipPath).bytes(),
  );
});

test("what fails leaves neither a clip nor anything half made", async () => {
  const before = await readdir(folder.path, { recursive: true });
  const outputPath = join(folder.path, "never.mp4");
  await expect(animate({ outputPath }, new AppError("i2v_failed", "no"))).rejects.toThrow("no");
  await expect(animate({ outputPath, sourcePath: clipPath })).rejects.toMatchObject({
    code: "source_unsupported",
  });
  expect((await readdir(folder.path, { recursive: true })).sort()).toEqual(before.sort());
});
