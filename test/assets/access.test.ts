import { afterAll, beforeAll, expect, test } from "bun:test";
import { getAssetFor } from "../../src/assets/access.ts";
import { createEnsureAsset } from "../../src/assets/ensure.ts";
import { plainRequest } from "../../src/assets/request.ts";
import { systemClock } from "../../src/clock.ts";
import type { Store } from "../../src/db/store.ts";
import { codeOf, errorOf } from "../support/app-error.ts";
import { addProject } from "../support/rows.ts";
import { addUser } from "../support/sign-in.ts";
import { sqlitePlace } from "../support/stores.ts";

let store: Store;
let assetId = "";
let projectId = "";
beforeAll(async () => {
  store = await (await sqlitePlace()).open(systemClock);
  projectId = await addProject(store);
  const ensure = createEnsureAsset({ store, clock: systemClock, createId: Bun.randomUUIDv7 });
  const request = plainRequest(projectId, "https://acme.com/a.png");
  assetId = (await ensure(request, { requestId: "req_1" })).asset.id;
});
afterAll(() => store.close());

const memberAs = async (role: string) => {
  const userId = await addUser(store);
  await store.write((tx) =>
    tx.query
      .insertInto("project_members")
      .values({ project_id: projectId, user_id: userId, role, created_at: 1 })
      .execute(),
  );
  return userId;
};
const get = (userId: string, need: "viewer" | "editor" | "owner", id = assetId) =>
  getAssetFor(store.read, { assetId: id, userId }, need);

test("who has a part in the project has one in its assets", async () => {
  const [viewer, editor] = [await memberAs("viewer"), await memberAs("editor")];
  expect((await get(viewer, "viewer")).asset.id).toBe(assetId);
  expect((await get(editor, "editor")).asset.id).toBe(assetId);
  expect((await get(`usr_${projectId}`, "owner")).asset.id).toBe(assetId);
  expect(await codeOf(get(viewer, "editor"))).toBe("forbidden");
});

test("to anybody else an asset that is there looks like one that is not", async () => {
  const stranger = await addUser(store);
  const [there, missing] = [
    await errorOf(get(stranger, "viewer")),
    await errorOf(get(stranger, "viewer", "0".repeat(16))),
  ];
  expect([there.code, there.message]).toEqual(["not_found", "not found"]);
  expect([missing.code, missing.message]).toEqual([there.code, there.message]);
});
