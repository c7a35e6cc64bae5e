import { afterEach, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { openTestPipeline, type TestPipeline } from "../support/pipeline.ts";

let pipeline: TestPipeline | undefined;
afterEach(async () => {
  await pipeline?.close();
  pipeline = undefined;
});

const motion = [createFakeMotion({ clipPath: "never used" })] as const;
const bytes = new Uint8Array(10);

async function cleaned({ store }: TestPipeline): Promise<void> {
  const waiting = () => store.read.selectFrom("jobs").select("id").executeTakeFirst();
  while (await waiting()) await new Promise((resolve) => setImmediate(resolve));
}

test("what a failed generation stored goes, also what its row never named [K04, K13]", async () => {
  const left: string[] = [];
  pipeline = await openTestPipeline({
    vision: createFakeVision(),
    motion,
    sources: {
      // As a process leaves it that is killed after it stored and before it committed.
      read: async () => {
        const { id, asset_id: assetId } = await opened().read();
        left.push(`work/${id}/source.png`, `work/${id}/stage1.mp4`);
        left.push(`media/${assetId}/${id}.mp4`, `media/${assetId}/${id}.jpg`);
        for (const key of left)
          await opened().storage.put(key, bytes, { contentType: "image/png" });
        throw new AppError("source_unfetchable", "the source answered 404");
      },
    },
  });
  const opened = () => {
    if (!pipeline) throw new Error("the pipeline is not open");
    const { store, storage } = pipeline;
    const read = () => store.read.selectFrom("generations").selectAll().executeTakeFirstOrThrow();
    return { storage, read };
  };
  const { asset } = await pipeline.ensure();
  await pipeline.until(asset.id, ({ asset: { status } }) => status === "failed");
  await cleaned(pipeline);
  expect(left).toHaveLength(4);
  for (const key of left) expect(await pipeline.storage.stat(key)).toBeUndefined();
});
