import { afterAll, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../src/errors.ts";
import { openMedia } from "../../src/media/open-media.ts";
import {
  animateOnce,
  type FinishedClip,
  type OneShotOptions,
  type OneShotRequest,
} from "../../src/pipeline/one-shot.ts";
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

const mp4 = (name: string) => [{ format: "mp4", path: join(folder.path, name) }] as const;

async function animate(
  request: Partial<OneShotRequest>,
  { fault, ...options }: { readonly fault?: Error } & Partial<OneShotOptions> = {},
) {
  const deps = {
    media: await openMedia({ ffmpegPath: undefined }),
    vision: createFakeVision(),
    motion: createFakeMotion({ clipPath, script: [fault] }),
    measureSeam: async () => seam,
    scratchRoot: join(folder.path, "scratch"),
  };
  const defaults: OneShotRequest = {
    sourcePath,
    outputs: mp4("unnamed.mp4"),
    motion: "medium",
    mode: "loop",
    aspect: "preserve",
    durationSeconds: 2,
    seed: 1,
    prompt: undefined,
  };
  return animateOnce(deps, { ...defaults, ...request }, { signal, ...options });
}

test("a loop is measured and closed; another mode is neither", async () => {
  const loop = await animate({ outputs: mp4("loop.mp4") });
  expect(loop).toMatchObject({ seam, clip: { frames: 60, isFastStart: true } });
  const { size } = Bun.file(join(folder.path, "loop.mp4"));
  expect(loop.files).toMatchObject([{ format: "mp4", bytes: size, width: 64, height: 64 }]);
  expect(loop.vision.plan.camera).toBe("flat");
  const single = await animate({ mode: "animate-in", outputs: mp4("in.mp4") });
  expect(single.seam).toBeUndefined();
  expect(await Bun.file(join(folder.path, "in.mp4")).bytes()).toEqual(
    await Bun.file(clipPath).bytes(),
  );
});

test("other forms are made of the clip, which is not kept when nobody asked for it", async () => {
  const path = join(folder.path, "only.gif");
  const { files, clip } = await animate({ outputs: [{ format: "gif", path }] });
  expect(files).toMatchObject([{ format: "gif", bytes: Bun.file(path).size, width: 64 }]);
  expect(clip.frames).toBe(60);
  expect((await Bun.file(path).text()).startsWith("GIF89a")).toBe(true);
  expect(await readdir(folder.path)).not.toContain("only.mp4");
});

test("the finished clip may be looked at before anything is in its place", async () => {
  const outputs = mp4("seen.mp4");
  let seen: FinishedClip | undefined;
  const inspect = async (finished: FinishedClip) => {
    seen = finished;
    expect(await Bun.file(finished.path).exists()).toBe(true);
    expect(await Bun.file(outputs[0].path).exists()).toBe(false);
  };
  await animate({ outputs }, { inspect });
  expect(seen?.clip.frames).toBe(60);
  expect(await Bun.file(seen?.path ?? "").exists()).toBe(false);
  const fault = async () => {
    throw new AppError("i2v_failed", "not good enough");
  };
  const never = mp4("unseen.mp4");
  await expect(animate({ outputs: never }, { inspect: fault })).rejects.toThrow("not good enough");
  expect(await Bun.file(never[0].path).exists()).toBe(false);
});

test("what fails leaves neither a clip nor anything half made", async () => {
  const before = await readdir(folder.path, { recursive: true });
  const outputs = mp4("never.mp4");
  const fault = new AppError("i2v_failed", "no");
  await expect(animate({ outputs }, { fault })).rejects.toThrow("no");
  await expect(animate({ outputs, sourcePath: clipPath })).rejects.toMatchObject({
    code: "source_unsupported",
  });
  expect((await readdir(folder.path, { recursive: true })).sort()).toEqual(before.sort());
});
