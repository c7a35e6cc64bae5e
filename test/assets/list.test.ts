import { afterAll, expect, test } from "bun:test";
import { listAssets } from "../../src/assets/list.ts";
import { listUploads } from "../../src/assets/uploads.ts";
import type { Tx } from "../../src/db/store.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { explain } from "../support/query-plan.ts";
import { sqlitePlace } from "../support/stores.ts";

const store = await (await sqlitePlace()).open(createManualClock());
afterAll(store.close);

const page = { after: { createdAt: 1000, id: "a" }, limit: 50 };
const ofProject = (filter: object) => (tx: Tx) =>
  listAssets(tx.query, { projectId: "proj_1", ...page, ...filter });

test.each([
  ["assets", ofProject({}), "assets_by_project"],
  ["assets of a status", ofProject({ status: "ready" }), "assets_by_status"],
  ["assets of a mode", ofProject({ mode: "loop" }), "assets_by_mode"],
])("a later page of %s reads nothing of those before it", async (_name, list, index) => {
  const [step, ...more] = await explain(store, list);
  expect(step).toStartWith(`SEARCH assets USING INDEX ${index} (`);
  expect(step).toEndWith("(created_at,id)<(?,?))");
  expect(more).toEqual([]);
});

test("a later page of uploads reads nothing of those before it", async () => {
  const [step] = await explain(store, (tx) => listUploads(tx.query, "usr_1", page));
  expect(step).toBe("SEARCH uploads USING INDEX uploads_by_user (user_id=? AND created_at<?)");
});
