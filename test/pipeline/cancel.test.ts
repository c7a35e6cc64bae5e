import { describe, expect, test } from "bun:test";
import { cancelAsset } from "../../src/assets/cancel.ts";
import { regenerateAsset } from "../../src/assets/regenerate.ts";
import { deleteAsset } from "../../src/assets/remove.ts";
import { activateGeneration, versionsKept } from "../../src/assets/versions.ts";
import { createFakeMotion } from "../fakes/providers.ts";
import type { TestPipeline } from "../support/pipeline.ts";
import { smallPicture } from "../support/small-picture.ts";
import { until } from "../support/until.ts";
import { usePipelines } from "../support/use-pipelines.ts";

const { clipPath, open } = await usePipelines({ plan: "free" });
const still = await smallPicture();

/** Holds whoever comes until its signal aborts. */
function createHold() {
  const arrived = Promise.withResolvers<void>();
  let isAborted = false;
  return {
    arrived: arrived.promise,
    wasAborted: () => isAborted,
    hold: (signal: AbortSignal) =>
      new Promise<never>((_, reject) => {
        arrived.resolve();
        signal.addEventListener("abort", () => {
          isAborted = true;
          reject(new Error("aborted"));
        });
      }),
  };
}

const idle = ({ store }: TestPipeline) =>
  until(async () => (await store.read.selectFrom("jobs").select("id").execute()).length === 0);
const usedBy = async ({ store }: TestPipeline) =>
  (await store.read.selectFrom("usage").select("used").executeTakeFirst())?.used;
/** Every object that an asset's generations could have left. */
async function objectsOf({ store, storage }: TestPipeline) {
  const rows = await store.read.selectFrom("generations").select(["id", "asset_id"]).execute();
  const keys = rows.flatMap(({ id, asset_id: assetId }) => [
    `work/${id}/source.png`,
    `work/${id}/stage1.mp4`,
    `work/${id}/single.mp4`,
    `work/${id}/merge.mp4`,
    `media/${assetId}/${id}.mp4`,
    `media/${assetId}/${id}.jpg`,
  ]);
  const found = await Promise.all(keys.map(async (key) => ((await storage.stat(key)) ? key : "")));
  return found.filter((key) => key !== "");
}

describe("a generation that is cancelled while it is worked on", () => {
  const stages: readonly [string, (hold: (signal: AbortSignal) => Promise<never>) => object][] = [
    [
      "the fetching",
      (hold) => ({
        sources: { read: (_s: string, _p: string, o: { signal: AbortSignal }) => hold(o.signal) },
      }),
    ],
    [
      "the looking",
      (hold) => ({ vision: { name: "fake", describe: (_r: unknown, s: AbortSignal) => hold(s) } }),
    ],
    ["the rendering", (hold) => ({ motion: [createFakeMotion({ clipPath, hold })] })],
    ["the proving", (hold) => ({ measureSeam: (_p: string, signal: AbortSignal) => hold(signal) })],
  ];
  test.each(stages)("stops %s at once, and says nothing more [J11]", async (_name, optionsOf) => {
    const { hold, arrived, wasAborted } = createHold();
    const opened = await open(optionsOf(hold));
    const { asset } = await opened.ensure();
    await arrived;
    const before = await opened.eventsOf(asset.id);
    await cancelAsset(opened, asset.id);
    await until(wasAborted);
    await idle(opened);
    expect(await opened.eventsOf(asset.id)).toEqual([...before, "cancelled"]);
    expect(await usedBy(opened)).toBe(0);
    expect(await objectsOf(opened)).toEqual([]);
  });

  test("cancels what a provider works on elsewhere [J11]", async () => {
    const motion = createFakeMotion({ clipPath, polls: 100 });
    const opened = await open({ motion: [motion] });
    const { asset } = await opened.ensure({ mode: "animate-in" });
    await opened.until(asset.id, ({ newest }) => newest.provider_reference === "ref_single");
    await cancelAsset(opened, asset.id);
    await idle(opened);
    expect(motion.calls).toEqual(["begin single", "cancel ref_single"]);
    expect((await opened.eventsOf(asset.id)).at(-1)).toBe("cancelled");
  });

  test("cancels work that was begun just then, and has no row to stand in", async () => {
    const gate = Promise.withResolvers<void>();
    const motion = createFakeMotion({ clipPath, polls: 100, hold: () => gate.promise });
    const opened = await open({ motion: [motion] });
    const { asset } = await opened.ensure({ mode: "animate-in" });
    await until(() => motion.calls.length === 1);
    await cancelAsset(opened, asset.id);
    gate.resolve();
    await until(() => motion.calls.includes("cancel ref_single"));
    await idle(opened);
    expect((await opened.eventsOf(asset.id)).at(-1)).toBe("cancelled");
  });

  test("leaves room for the same asset to be made again", async () => {
    const { hold, arrived } = createHold();
    let isHeld = true;
    const opened = await open({
      sources: {
        async read(_src, path, { signal }) {
          if (isHeld) return hold(signal);
          await Bun.write(path, still);
        },
      },
    });
    const { asset } = await opened.ensure();
    await arrived;
    await cancelAsset(opened, asset.id);
    isHeld = false;
    const deps = { ...opened, createId: () => Bun.randomUUIDv7() };
    await regenerateAsset(deps, asset.id, {}, { requestId: "req_again" });
    await opened.until(asset.id, (view) => view.asset.status === "ready");
    expect(await usedBy(opened)).toBe(1);
  });
});

test("an asset that is deleted while it is worked on leaves nothing, and nothing comes back [J12]", async () => {
  const { hold, arrived, wasAborted } = createHold();
  const opened = await open({ motion: [createFakeMotion({ clipPath, hold })] });
  const { asset } = await opened.ensure();
  await arrived;
  await deleteAsset(opened, asset.id);
  await until(wasAborted);
  await idle(opened);
  expect(await objectsOf(opened)).toEqual([]);
  expect(await opened.eventsOf(asset.id)).toEqual([]);
});

test("a deleted asset's files go, and the clip that is made of it later stays", async () => {
  const opened = await open();
  const { asset } = await opened.ensure();
  await opened.until(asset.id, (view) => view.asset.status === "ready");
  await idle(opened);
  expect(await objectsOf(opened)).toHaveLength(2);
  await deleteAsset(opened, asset.id);
  await idle(opened);
  expect(await objectsOf(opened)).toEqual([]);
  await opened.ensure();
  await opened.until(asset.id, (view) => view.asset.status === "ready");
  await idle(opened);
  expect(await objectsOf(opened)).toHaveLength(2);
});

test("the newest clips are kept and the served one with them; older ones go", async () => {
  const opened = await open({ plan: "unlimited" });
  const { asset, newest: first } = await opened.ensure({ mode: "animate-in" });
  const deps = { ...opened, createId: () => Bun.randomUUIDv7() };
  const ready = (count: number) =>
    opened.until(
      asset.id,
      ({ asset: { status, generation_count: made } }) => status === "ready" && made === count,
    );
  await ready(1);
  for (let count = 2; count <= versionsKept + 2; count++) {
    await regenerateAsset(deps, asset.id, {}, { requestId: `req_${count}` });
    await ready(count);
    await activateGeneration(opened.store, { assetId: asset.id, generationId: first.id });
    await idle(opened);
  }
  const kept = await opened.store.read
    .selectFrom("generations")
    .select("number")
    .where("media_key", "is not", null)
    .orderBy("number")
    .execute();
  expect(kept.map(({ number }) => number)).toEqual([1, 3, 4, 5, 6, 7]);
  const clips = (await objectsOf(opened)).filter((key) => key.endsWith(".mp4"));
  expect(clips).toHaveLength(kept.length);
  const { id: pruned } = await opened.store.read
    .selectFrom("generations")
    .select("id")
    .where("number", "=", 2)
    .executeTakeFirstOrThrow();
  const again = activateGeneration(opened.store, { assetId: asset.id, generationId: pruned });
  await expect(again).rejects.toThrow("is not kept any more");
});
