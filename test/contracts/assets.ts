import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { cancelAsset } from "../../src/assets/cancel.ts";
import { createEnsureAsset } from "../../src/assets/ensure.ts";
import { generationJob } from "../../src/assets/generations.ts";
import type { LifecycleEvent } from "../../src/assets/lifecycle.ts";
import { listAssets } from "../../src/assets/list.ts";
import { reconcileAfterMs, reconcileGeneration } from "../../src/assets/reconcile.ts";
import { regenerateAsset } from "../../src/assets/regenerate.ts";
import { deleteAsset, deleteAssetsOfSource } from "../../src/assets/remove.ts";
import { type AssetRequest, plainRequest } from "../../src/assets/request.ts";
import { findAssetView } from "../../src/assets/store.ts";
import { transition } from "../../src/assets/transition.ts";
import {
  activateGeneration,
  findVersion,
  listGenerations,
  pruneVersions,
  versionsKept,
} from "../../src/assets/versions.ts";
import type { Store } from "../../src/db/store.ts";
import { claimJobs } from "../../src/jobs/queue.ts";
import { codeOf } from "../support/app-error.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";
import { addProject } from "../support/rows.ts";
import type { StorePlace } from "./store.ts";

const steps: Readonly<Record<string, LifecycleEvent>> = {
  source: "fetched",
  vision: "described_single",
  single: "rendered",
  write: "written",
};

/** What is promised of assets on every engine. */
export function assetsContract(name: string, createPlace: () => Promise<StorePlace>): void {
  describe(`assets on ${name}`, () => {
    let clock: ManualClock;
    let store: Store;
    let projectId: string;
    beforeEach(async () => {
      clock = createManualClock();
      store = await (await createPlace()).open(clock);
      projectId = await addProject(store);
    });
    afterEach(() => store.close());

    const deps = () => ({ store, clock, createId: () => Bun.randomUUIDv7() });
    const by = { requestId: "req_1" };
    const requestOf = (more: Partial<AssetRequest> = {}): AssetRequest => ({
      ...plainRequest(projectId, "https://acme.com/a.png"),
      mode: "animate-in",
      ...more,
    });
    const ensure = (more: Partial<AssetRequest> = {}) =>
      createEnsureAsset(deps())(requestOf(more), by);
    const view = async (id: string) => {
      const found = await findAssetView(store.read, id);
      if (!found) throw new Error("the asset is gone");
      return found;
    };
    /** Takes the newest generation to its clip. */
    const finish = async (id: string) => {
      for (;;) {
        const { newest } = await view(id);
        const event = steps[newest.state];
        if (!event) return newest;
        const changes = event === "written" ? { media_key: `m/${newest.id}`, bytes: 1 } : {};
        await transition(deps(), { generation: newest, event, changes });
      }
    };
    const used = async () =>
      (await store.read.selectFrom("usage").select("used").executeTakeFirst())?.used;

    test("an asset that is deleted while it is looked at is not there", async () => {
      const { asset } = await ensure();
      await finish(asset.id);
      let queries = 0;
      const between = store.read.withPlugin({
        transformQuery: ({ node }) => node,
        async transformResult({ result }) {
          queries += 1;
          if (queries === 1) await deleteAsset(deps(), asset.id);
          return result;
        },
      });
      expect(await findAssetView(between, asset.id)).toBeUndefined();
      expect(queries).toBe(3);
    });

    test("of many regenerates at once, one starts and is charged", async () => {
      const { asset } = await ensure();
      await finish(asset.id);
      const codes = await Promise.all(
        Array.from({ length: 8 }, () =>
          regenerateAsset(deps(), asset.id, {}, by).then(
            () => "started",
            (thrown: { code: string }) => thrown.code,
          ),
        ),
      );
      expect(codes.filter((code) => code === "started")).toHaveLength(1);
      expect(codes.filter((code) => code === "conflict")).toHaveLength(7);
      expect(await used()).toBe(2);
      expect((await view(asset.id)).asset).toMatchObject({
        status: "pending",
        generation_count: 2,
      });
    });

    test("of many cancels at once, one counts, and one event is said", async () => {
      const { asset } = await ensure();
      const codes = await Promise.all(
        Array.from({ length: 8 }, () =>
          cancelAsset(deps(), asset.id).then(
            () => "cancelled",
            (thrown: { code: string }) => thrown.code,
          ),
        ),
      );
      expect(codes.filter((code) => code === "cancelled")).toHaveLength(1);
      expect(await used()).toBe(0);
      const events = await store.read.selectFrom("events").select("type").orderBy("id").execute();
      expect(events.map(({ type }) => type)).toEqual(["queued", "cancelled"]);
      const kinds = await store.read.selectFrom("jobs").select("kind").execute();
      expect(kinds).toEqual([{ kind: "cleanup" }]);
    });

    test("a cancel and the end of a stage never wait for each other", async () => {
      const outcomes = [];
      for (let count = 0; count < 12; count++) {
        const { asset, newest } = await ensure({ idem: String(count) });
        const [job] = await store.write((tx) =>
          claimJobs(tx, {
            kind: generationJob,
            worker: "w",
            leaseMs: 15_000,
            limit: 1,
            except: [],
            skipLocked: store.skipLocked,
          }),
        );
        if (job?.subject !== newest.id) throw new Error("the job is not the generation's");
        const [, cancelled] = await Promise.all([
          transition(deps(), { generation: newest, event: "fetched", job }),
          cancelAsset(deps(), asset.id),
        ]);
        outcomes.push(cancelled.newest.state);
      }
      expect(new Set(outcomes)).toEqual(new Set(["cancelled"]));
      expect(await used()).toBe(0);
    });

    test("what is served is never let go of, whoever activates meanwhile", async () => {
      const { asset } = await ensure();
      const first = await finish(asset.id);
      for (let count = 0; count < versionsKept; count++) {
        await regenerateAsset(deps(), asset.id, {}, by);
        await finish(asset.id);
      }
      await Promise.all([
        store.write((tx) => pruneVersions(tx, asset.id)),
        activateGeneration(store, { assetId: asset.id, generationId: first.id }).catch(() => {}),
      ]);
      const { current } = await view(asset.id);
      expect(current?.media_key).toBe(`m/${current?.id}`);
      const clips = (await listGenerations(store.read, asset.id)).filter(
        ({ media_key: key }) => key !== null,
      );
      expect([versionsKept, versionsKept + 1]).toContain(clips.length);
      expect((await findVersion(store.read, asset.id, versionsKept + 1))?.number).toBe(
        versionsKept + 1,
      );
    });

    test("a deleted one is forgotten, and is made anew with the next number", async () => {
      const { asset, newest } = await ensure({ prompt: "secret", idem: "secret" });
      await finish(asset.id);
      await deleteAsset(deps(), asset.id);
      expect(await codeOf(deleteAsset(deps(), asset.id))).toBe("not_found");
      const rows = [
        await store.read.selectFrom("assets").selectAll().execute(),
        await store.read.selectFrom("generations").selectAll().execute(),
        await store.read.selectFrom("events").selectAll().execute(),
      ];
      expect(JSON.stringify(rows)).not.toMatch(/secret|acme\.com/);
      const views = await Promise.all(
        Array.from({ length: 8 }, () => ensure({ prompt: "secret", idem: "secret" })),
      );
      expect(new Set(views.map(({ newest: { number } }) => number))).toEqual(new Set([2]));
      expect(await used()).toBe(2);
      expect(await listGenerations(store.read, asset.id)).toHaveLength(1);
      await expect(
        activateGeneration(store, { assetId: asset.id, generationId: newest.id }),
      ).rejects.toThrow("not found");
    });

    test("all of a source are deleted together", async () => {
      const made = await Promise.all([1, 2, 3].map((seed) => ensure({ seed })));
      await ensure({ src: "https://acme.com/b.png" });
      const deleted = await deleteAssetsOfSource(deps(), {
        projectId,
        src: "https://acme.com/a.png",
      });
      expect([...deleted].sort()).toEqual(made.map(({ asset }) => asset.id).sort());
      expect(await listAssets(store.read, { projectId, after: undefined, limit: 10 })).toHaveLength(
        1,
      );
    });

    test("one whose job was lost gets one other, however many look after it", async () => {
      const { newest } = await ensure();
      await store.write((tx) => tx.query.deleteFrom("jobs").execute());
      clock.advance(reconcileAfterMs + 1000);
      await Promise.all(Array.from({ length: 8 }, () => reconcileGeneration(deps(), newest)));
      const jobs = await store.read.selectFrom("jobs").select("subject").execute();
      expect(jobs).toEqual([{ subject: newest.id }]);
    });
  });
}
