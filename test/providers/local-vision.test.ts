import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../../src/clock.ts";
import { createLocalVision } from "../../src/providers/local-vision.ts";
import { openSight } from "../../src/vision/open-sight.ts";
import { visionContract } from "../contracts/vision.ts";
import { createFakeVision } from "../fakes/providers.ts";
import { samplePath } from "../support/render-fixtures.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
const sight = openSight({ clock: systemClock }, { nsfwThreshold: 0.85, depthModelPath: undefined });
const vision = createLocalVision({ sight });
afterAll(async () => {
  await sight.close();
  await folder.close();
});

visionContract("local", () => vision);
visionContract("fake", () => createFakeVision());

describe("local vision", () => {
  const { signal } = new AbortController();
  const request = {
    sourcePath: samplePath("portrait"),
    motion: "kinetic",
    mode: "loop",
    prompt: undefined,
    brand: "Acme, warm and calm",
  } as const;

  test("says in its prompt what it saw, the intensity, the ending and the brand", async () => {
    const { prompt, sight: seen } = await vision.describe(request, signal);
    expect(prompt.toLowerCase()).toStartWith(seen.caption);
    expect(prompt).toContain("strong camera move");
    expect(prompt).toContain("ending exactly as it began");
    expect(prompt).toContain("Acme, warm and calm");
  });

  test("blocks what scores too much, with the documented words", async () => {
    const strict = openSight(
      { clock: systemClock },
      { nsfwThreshold: 0, depthModelPath: undefined },
    );
    const looking = createLocalVision({ sight: strict }).describe(request, signal);
    await expect(looking).rejects.toMatchObject({
      code: "vision_blocked",
      message: "NSFW source",
      retry: false,
    });
    await strict.close();
  });

  test("is cancelled before it begins by a signal that has fired", async () => {
    await expect(vision.describe(request, AbortSignal.abort())).rejects.toMatchObject({
      code: "cancelled",
    });
  });

  test("says of a picture that cannot be decoded that it cannot", async () => {
    const sourcePath = join(folder.path, "broken.jpg");
    await Bun.write(sourcePath, (await Bun.file(samplePath("cat")).bytes()).subarray(0, 3000));
    await expect(vision.describe({ ...request, sourcePath }, signal)).rejects.toMatchObject({
      code: "source_unsupported",
    });
  });
});
