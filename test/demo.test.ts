import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import { systemClock } from "../src/clock.ts";
import { openStore } from "../src/db/open-store.ts";
import { animateSamples, openDemo } from "../src/demo.ts";
import { inspectPicture } from "../src/media/picture.ts";
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

test("each sample is asked for, and one that cannot be keeps none of the others back", async () => {
  const demo = await openDemo(deps);
  const asked: string[] = [];
  const ensureAsset = async ({ src }: { readonly src: string }) => {
    asked.push(src);
    throw new Error("no room");
  };
  await animateSamples({ ensureAsset, baseUrl: "http://127.0.0.1:1", log: silentLog }, demo);
  expect(asked).toEqual(demo.samples.map(({ key }) => `http://127.0.0.1:1/${key}`));
});

test("the demo is on until there is an administrator", async () => {
  const demo = await openDemo(deps);
  expect(await demo.isOn()).toBe(true);
  await store.write((tx) =>
    tx.query.updateTable("users").set({ role: "admin" }).where("id", "=", demo.userId).execute(),
  );
  expect(await demo.isOn()).toBe(false);
});
