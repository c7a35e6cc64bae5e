import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createProjectEnd, deleteProject, projectEndJob } from "../../src/assets/project-end.ts";
import { openRunner } from "../../src/jobs/runner.ts";
import { updateProject } from "../../src/projects/update.ts";
import { createFakeMotion, createFakeVision } from "../fakes/providers.ts";
import { errorOf } from "../support/app-error.ts";
import { openTestPipeline, type TestPipeline } from "../support/pipeline.ts";
import { seededOwnerId, seededProjectId } from "../support/seed-project.ts";
import { silentLog } from "../support/silent-log.ts";
import { encodeGreyClip } from "../support/still-clip.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";
import { until } from "../support/until.ts";

const folder = await openTemporaryDirectory();
const clipPath = join(folder.path, "clip.mp4");
await encodeGreyClip(clipPath, 2);
afterAll(() => folder.close());

const who = { projectId: seededProjectId, userId: seededOwnerId };
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A pipeline whose provider holds each call until it is aborted. */
async function openHeld() {
  const begun = Promise.withResolvers<void>();
  const hold = (signal: AbortSignal) => {
    begun.resolve();
    return new Promise<void>((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  const vision = createFakeVision();
  const motion = createFakeMotion({ clipPath, hold });
  const pipeline = await openTestPipeline({ vision, motion: [motion] });
  closers.push(pipeline.close);
  return { ...pipeline, vision, begun: begun.promise };
}

async function openEnding({ store, clock }: Pick<TestPipeline, "store" | "clock">) {
  const handlers = { [projectEndJob]: createProjectEnd({ store, clock }) };
  const log = silentLog;
  const runner = await openRunner({ store, handlers, concurrency: 1, worker: "end", clock, log });
  closers.push(runner.close);
}

const usedBy = async ({ store }: Pick<TestPipeline, "store">) =>
  (await store.read.selectFrom("usage").select("used").executeTakeFirst())?.used;

describe("a project that is deleted while its clips are made", () => {
  test("has them cancelled, each with its one last event, and pays for none", async () => {
    const held = await openHeld();
    const first = await held.ensure();
    await held.begun;
    const second = await held.ensure({ seed: 2 });
    await deleteProject(held.store, who);
    await openEnding(held);
    for (const { asset } of [first, second]) {
      const view = await held.until(asset.id, ({ newest }) => newest.state === "cancelled");
      expect(view.newest).toMatchObject({
        charged: 0,
        error_code: "cancelled",
        error_msg: "the project was deleted",
      });
      const events = await held.eventsOf(asset.id);
      expect(events.filter((event) => /^(ready|failed|cancelled)$/.test(event))).toEqual([
        "cancelled",
      ]);
      expect(events.at(-1)).toBe("cancelled");
    }
    expect(await usedBy(held)).toBe(0);
    await until(async () => {
      return (await held.store.read.selectFrom("jobs").selectAll().execute()).length === 0;
    });
  });

  test("also has those cancelled that the job did not see", async () => {
    const { ensure, store, begun, ...held } = await openHeld();
    const { asset } = await ensure({ mode: "animate-in" });
    // Marked only: as if the generation had been committed just after the job looked.
    await store.write((tx) => tx.query.updateTable("projects").set({ deleted_at: 1 }).execute());
    void begun;
    const view = await held.until(asset.id, ({ newest }) => newest.ended_at !== null);
    expect(view.newest).toMatchObject({ state: "cancelled", charged: 0 });
    expect((await held.eventsOf(asset.id)).at(-1)).toBe("cancelled");
  });

  test("starts nothing any more", async () => {
    const held = await openHeld();
    await deleteProject(held.store, who);
    expect((await errorOf(held.ensure())).code).toBe("unknown_project_key");
  });
});

describe("a project's own limits", () => {
  const open = async (changes: Parameters<typeof updateProject>[2]) => {
    const held = await openHeld();
    await updateProject(held.store, who, changes);
    return held;
  };

  test("a day's generations are counted from midnight in UTC", async () => {
    const held = await open({ generationsPerDayMax: 2 });
    await held.ensure({ seed: 1 });
    await held.ensure({ seed: 2 });
    const refused = await errorOf(held.ensure({ seed: 3 }));
    expect([refused.code, refused.message]).toEqual([
      "limit_reached",
      "daily generation limit of this project reached",
    ]);
    expect(await usedBy(held)).toBe(2);
    held.clock.advance(86_400_000);
    await held.ensure({ seed: 3 });
  });

  test("a month's are, too; none at all is a limit", async () => {
    const held = await open({ generationsPerMonthMax: 0 });
    expect((await errorOf(held.ensure())).message).toBe(
      "monthly generation limit of this project reached",
    );
  });

  test("twenty at once do not pass a limit of five", async () => {
    const held = await open({ generationsPerDayMax: 5 });
    const started = await Promise.allSettled(
      Array.from({ length: 20 }, (_, seed) => held.ensure({ seed })),
    );
    expect(started.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  });
});

test("the vision of what is generated is told of the brand", async () => {
  const held = await openHeld();
  await held.store.write((tx) =>
    tx.query
      .updateTable("projects")
      .set({ brand: JSON.stringify({ brandName: "Acme", messagingContext: { tone: "dry" } }) })
      .execute(),
  );
  await held.ensure();
  await held.begun;
  expect(held.vision.requests.map(({ brand }) => brand)).toEqual(["Brand: Acme\nTone: dry"]);
});
