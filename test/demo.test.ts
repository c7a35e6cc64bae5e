import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createEnsureAsset, type EnsureAsset } from "../src/assets/ensure.ts";
import { transition } from "../src/assets/transition.ts";
import { systemClock } from "../src/clock.ts";
import { openStore } from "../src/db/open-store.ts";
import { animateSamples, openDemo } from "../src/demo.ts";
import { inspectPicture } from "../src/media/picture/picture.ts";
import { openStorage } from "../src/storage/open-storage.ts";
import { silentLog } from "./support/silent-log.ts";
import { openTemporaryDirectory } from "./support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
const database = { kind: "sqlite", path: join(folder.path, "test.db") } as const;
const store = await openStore(database, { clock: systemClock, log: silentLog });
const root = join(folder.path, "media");
const storage = openStorage({ kind: "disk", root });
const deps = { store, storage, clock: systemClock };
afterAll(async () => {
  await storage.close();
  await store.close();
  await folder.close();
});

test("the samples are stored once, as the pictures they are said to be", async () => {
  const first = await openDemo(deps);
  const second = await openDemo(deps);
  expect(second.proxyKey).toBe(first.proxyKey);
  expect(second.samples).toEqual(first.samples);
  const uploads = await store.read.selectFrom("uploads").selectAll().execute();
  expect(uploads).toHaveLength(first.samples.length);
  for (const { key, width, height } of uploads) {
    expect(await inspectPicture(join(root, key))).toMatchObject({
      width,
      height,
      contentType: "image/jpeg",
    });
  }
});

describe("the samples' clips", () => {
  /** Writes assets as they are asked for, and ends them when it is told to. */
  async function openRecorder() {
    const demo = await openDemo(deps);
    const asked: string[] = [];
    const createId = () => Bun.randomUUIDv7();
    const ensure = createEnsureAsset({ store, clock: systemClock, createId });
    const ensureAsset: EnsureAsset = async (request, context) => {
      asked.push(request.src.split("/").at(-1) ?? "");
      return ensure({ ...request, idem: createId() }, context);
    };
    const end = async () => {
      const row = await store.read
        .selectFrom("generations")
        .selectAll()
        .where("state", "=", "source")
        .executeTakeFirstOrThrow();
      const failure = { code: "cancelled", message: "enough" };
      await transition(
        { store, clock: systemClock },
        { generation: row, event: "cancelled", failure },
      );
    };
    const made = animateSamples(
      { ...deps, ensureAsset, baseUrl: "http://h", log: silentLog },
      demo,
    );
    const untilAsked = async (count: number) => {
      while (asked.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    return { demo, asked, end, made, untilAsked };
  }

  test("are made one after the other", async () => {
    const { demo, asked, end, made, untilAsked } = await openRecorder();
    for (let count = 1; count <= demo.samples.length; count += 1) {
      await untilAsked(count);
      expect(asked).toHaveLength(count);
      while ((await waitingGenerations()) === 0) await new Promise((go) => setImmediate(go));
      await end();
    }
    await made.ended;
    expect(asked).toEqual(demo.samples.map(({ key }) => key.split("/").at(-1) ?? ""));
  });

  test("are left where they are when the server closes", async () => {
    const { asked, made, untilAsked } = await openRecorder();
    await untilAsked(1);
    made.close();
    await made.ended;
    expect(asked).toHaveLength(1);
  });

  test("keep nothing else from working when they cannot be made", async () => {
    const demo = await openDemo(deps);
    const ensureAsset = () => Promise.reject(new Error("no room"));
    await animateSamples({ ...deps, ensureAsset, baseUrl: "http://h", log: silentLog }, demo).ended;
  });
});

async function waitingGenerations(): Promise<number> {
  const rows = await store.read
    .selectFrom("generations")
    .select("id")
    .where("state", "=", "source")
    .execute();
  return rows.length;
}

test("the demo is on until there is an administrator", async () => {
  const demo = await openDemo(deps);
  expect(await demo.isOn()).toBe(true);
  await store.write((tx) =>
    tx.query.updateTable("users").set({ role: "admin" }).where("id", "=", demo.userId).execute(),
  );
  expect(await demo.isOn()).toBe(false);
});
