import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { badPictures } from "../support/pictures/bad-pictures.ts";
import { openTestPipeline, type TestPipeline } from "../support/pipeline.ts";
import { encodeGreyClip } from "../support/still-clip.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
const clipPath = join(folder.path, "clip.mp4");
await encodeGreyClip(clipPath, 2);
const vision = createFakeVision();
let pipeline: TestPipeline;

beforeAll(async () => {
  const read = async (src: string, path: string) => {
    const found = badPictures.find(({ file }) => src.endsWith(`/${file}`));
    if (found) await Bun.write(path, await found.make());
  };
  const motion = [createFakeMotion({ clipPath })] as const;
  pipeline = await openTestPipeline({ vision, motion, sources: { read } });
});
afterAll(async () => {
  await pipeline.close();
  await folder.close();
});

test.each(badPictures)("$file ($what) ends as $outcome", async ({ file, outcome }) => {
  const seenBefore = vision.requests.length;
  const { asset } = await pipeline.ensure({
    src: `https://cdn.acme.com/${file}`,
    mode: "animate-in",
  });
  const { newest } = await pipeline.until(asset.id, (view) => view.asset.status !== "pending");
  if (outcome === "taken") {
    expect(newest.state).toBe("ready");
    return;
  }
  expect(newest).toMatchObject({ state: "failed", error_code: outcome });
  expect(await pipeline.eventsOf(asset.id)).toEqual(["queued", "vision_failed", "failed"]);
  expect(vision.requests.length).toBe(seenBefore);
});
