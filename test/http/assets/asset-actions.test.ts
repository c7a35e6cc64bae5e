import { describe, expect, test } from "bun:test";
import { readEvents } from "../../../src/events/log.ts";
import { addUser, keyHeaders } from "../../support/sign-in.ts";
import { createJsonClient } from "../json-client.ts";
import { clipEtag, finishClip, openTestServer } from "../test-server.ts";

const server = await openTestServer({ config: { rateLimits: { regenerate: 10_000 } } });
const owner = createJsonClient(server, await keyHeaders(server.store, server.ownerId));
const outsider = createJsonClient(
  server,
  await keyHeaders(server.store, await addUser(server.store)),
);
let sources = 0;

/** A new asset, its URL, and what is known of it. */
async function start(finish?: Parameters<typeof finishClip>[2]) {
  const source = `acme.com/${sources++}.png`;
  const url = server.url(`${source}.mp4`);
  const id = (await server.get(url)).headers["x-motioness-asset-id"] ?? "";
  if (finish) await finishClip(server, id, finish);
  return { id, url, src: `https://${source}` };
}

const eventsOf = async (assetId: string) =>
  (await readEvents(server.store.read, { assetId }, { after: 0, limit: 500 })).map(
    ({ type }) => type,
  );
const usedBy = async () =>
  (await server.store.read.selectFrom("usage").select("used").executeTakeFirst())?.used ?? 0;
const jobsOf = async (kind: string) =>
  (
    await server.store.read.selectFrom("jobs").select("subject").where("kind", "=", kind).execute()
  ).map(({ subject }) => subject);

describe("regenerate", () => {
  test("replaces the clip in place: the old one is served until the new one is ready", async () => {
    const { id, url } = await start({});
    const used = await usedBy();
    const { status, json } = await owner("POST", `/api/assets/${id}/regenerate`, {
      motion: "kinetic",
      dur_seconds: 6,
      prompt_override: "slow pan",
    });
    expect([status, json]).toEqual([200, { asset_id: id, status: "pending" }]);
    expect(await usedBy()).toBe(used + 1);
    expect((await server.get(url)).headers["etag"]).toBe(clipEtag);
    const pending = await owner("GET", `/api/assets/${id}`);
    expect(pending.json["asset"]).toMatchObject({
      status: "pending",
      motion: "medium",
      dur_seconds: 4,
      prompt: null,
    });
    await finishClip(server, id, { hash: "f".repeat(64) });
    const ready = await owner("GET", `/api/assets/${id}`);
    expect(ready.json["asset"]).toMatchObject({ motion: "kinetic", dur_seconds: 6, prompt: null });
    expect((await server.get(url)).headers["etag"]).toBe(`"${"f".repeat(32)}"`);
    const { generations } = (await owner("GET", `/api/assets/${id}`)).json as {
      generations: Record<string, unknown>[];
    };
    expect(generations).toMatchObject([
      { attempt_no: 2, motion: "kinetic", prompt_override: "slow pan", is_current: true },
      { attempt_no: 1, motion: "medium", prompt_override: null, is_current: false },
    ]);
    expect((await eventsOf(id)).filter((type) => type === "ready")).toHaveLength(2);
    expect(await jobsOf("purge")).toContain(id);
  });

  test("keeps the old clip when the new one fails, and gives the charge back", async () => {
    const { id, url } = await start({});
    const used = await usedBy();
    await owner("POST", `/api/v1/regenerate/${id}`);
    await finishClip(server, id, { failIn: "stage1" });
    expect((await server.get(url)).headers["etag"]).toBe(clipEtag);
    const { asset, generations } = (await owner("GET", `/api/assets/${id}`)).json;
    expect(asset).toMatchObject({ status: "ready", error: null });
    expect(generations).toMatchObject([
      { status: "failed", error_code: "i2v_failed" },
      { status: "ready" },
    ]);
    expect(await usedBy()).toBe(used);
  });

  test("mends an asset that failed", async () => {
    const { id, url } = await start({ failIn: "vision" });
    const failed = await server.get(url);
    const { hint } = JSON.parse(failed.body.toString()) as { hint: string };
    expect([failed.status, hint]).toEqual([502, `POST /api/v1/regenerate/${id}`]);
    const [method = "", path = ""] = hint.split(" ");
    expect((await owner(method, path, {})).status).toBe(200);
    await finishClip(server, id);
    expect((await server.get(url)).status).toBe(200);
  });

  test("while one is being made is a conflict: nothing starts, and nothing is charged", async () => {
    const { id } = await start();
    const [used, events] = [await usedBy(), await eventsOf(id)];
    const { status, json } = await owner("POST", `/api/assets/${id}/regenerate`, {});
    expect([status, json["error"]]).toEqual([409, expect.stringContaining("being made")]);
    expect([await usedBy(), await eventsOf(id)]).toEqual([used, events]);
    const ready = await start({});
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => owner("POST", `/api/assets/${ready.id}/regenerate`, {})),
    );
    expect(answers.map(({ status: one }) => one).sort()).toEqual([200, 409, 409, 409, 409]);
    expect(await usedBy()).toBe(used + 2);
  });

  test.each([
    [{ dur_seconds: 1 }],
    [{ aspect: "1:1" }],
    [{ motion: "wild" }],
    [[1]],
    [[]],
    [1],
    [0],
    ["x"],
    [""],
    [false],
    [null],
  ])("refuses %j, and charges nothing", async (body) => {
    const { id } = await start({});
    const used = await usedBy();
    expect((await owner("POST", `/api/assets/${id}/regenerate`, body)).status).toBe(400);
    expect(await usedBy()).toBe(used);
  });

  test("needs no body", async () => {
    const { id } = await start({});
    expect((await owner("POST", `/api/v1/regenerate/${id}`)).status).toBe(200);
  });
});

describe("cancel", () => {
  test.each(["source", "vision", "stage1", "stage2", "merge", "write"])(
    "in %s ends the run with one event, and takes its jobs and its charge",
    async (state) => {
      const used = await usedBy();
      const { id, url } = await start({ until: state });
      const before = await eventsOf(id);
      const { status, json } = await owner("POST", `/api/assets/${id}/cancel`);
      expect([status, json]).toEqual([200, { asset_id: id, status: "failed" }]);
      expect(await eventsOf(id)).toEqual([...before, "cancelled"]);
      expect(await usedBy()).toBe(used);
      const view = await server.findAssetView(id);
      expect(await jobsOf("generation")).not.toContain(view?.newest.id ?? "");
      expect((await owner("GET", `/api/assets/${id}`)).json["asset"]).toMatchObject({
        status: "failed",
        error: "cancelled: cancelled on request",
      });
      expect((await server.get(url)).status).toBe(502);
      const again = await owner("POST", `/api/assets/${id}/cancel`);
      expect(again.status).toBe(409);
    },
  );

  test("of a regenerate leaves the old clip ready", async () => {
    const { id, url } = await start({});
    await owner("POST", `/api/assets/${id}/regenerate`, {});
    const { json } = await owner("POST", `/api/assets/${id}/cancel`);
    expect(json).toEqual({ asset_id: id, status: "ready" });
    expect((await server.get(url)).status).toBe(200);
    expect((await eventsOf(id)).at(-1)).toBe("cancelled");
  });
});

describe("activate", () => {
  test("serves an earlier clip again, to viewers of the same address", async () => {
    const { id, url } = await start({});
    const first = (await server.findAssetView(id))?.current?.id ?? "";
    await owner("POST", `/api/assets/${id}/regenerate`, {});
    await finishClip(server, id, { hash: "f".repeat(64) });
    const newer = await server.get(url);
    const events = await eventsOf(id);
    const viewers = Array.from({ length: 20 }, () => server.get(url));
    const path = `/api/assets/${id}/generations/${first}/activate`;
    const { status, json } = await owner("POST", path);
    expect([status, json["asset"]]).toMatchObject([200, { current_generation_id: first }]);
    expect((await Promise.all(viewers)).every(({ body }) => body.length === 5000)).toBe(true);
    const older = await server.get(url);
    expect(older.headers["etag"]).toBe(clipEtag);
    const [before, after] = [newer, older].map(({ headers }) =>
      Date.parse(headers["last-modified"] ?? ""),
    );
    expect(after).toBeGreaterThanOrEqual(before ?? Number.POSITIVE_INFINITY);
    expect(await eventsOf(id)).toEqual(events);
    expect((await owner("POST", path)).status).toBe(200);
  });

  test("refuses a clip that never was, and one of another asset", async () => {
    const { id } = await start({});
    await owner("POST", `/api/assets/${id}/regenerate`, {});
    await finishClip(server, id, { failIn: "stage1" });
    const failed = (await server.findAssetView(id))?.newest.id ?? "";
    const path = (generation: string) => `/api/assets/${id}/generations/${generation}/activate`;
    expect((await owner("POST", path(failed))).status).toBe(409);
    const other = await start({});
    const foreign = (await server.findAssetView(other.id))?.newest.id ?? "";
    expect((await owner("POST", path(foreign))).status).toBe(404);
  });
});

describe("delete", () => {
  test("takes the asset and all that is known of it; the same URL makes it anew", async () => {
    const { id, url, src } = await start({});
    const first = (await server.findAssetView(id))?.newest.id ?? "";
    expect((await owner("DELETE", `/api/assets/${id}`)).json).toEqual({ ok: true });
    expect((await owner("GET", `/api/assets/${id}`)).status).toBe(404);
    expect((await server.get(`/r2/assets/${id}.mp4`)).status).toBe(404);
    expect(await eventsOf(id)).toEqual([]);
    const { read } = server.store;
    const row = await read.selectFrom("assets").selectAll().where("id", "=", id).execute();
    expect(JSON.stringify(row)).not.toContain(src);
    expect(await jobsOf("cleanup")).toContain(first);
    const anew = await server.get(url);
    expect([anew.status, anew.headers["x-motioness-asset-id"]]).toEqual([202, id]);
    const view = await server.findAssetView(id);
    expect([view?.newest.number, view?.current, view?.asset.src_url]).toEqual([2, undefined, src]);
    await finishClip(server, id);
    expect((await server.get(url)).status).toBe(200);
    const { generations } = (await owner("GET", `/api/assets/${id}`)).json;
    expect(generations).toHaveLength(1);
  });

  test("of one that is being made cancels it first [J12]", async () => {
    const used = await usedBy();
    const { id } = await start({ until: "stage1" });
    const running = (await server.findAssetView(id))?.newest;
    expect((await owner("DELETE", `/api/assets/${id}`)).status).toBe(200);
    const { read } = server.store;
    const row = await read
      .selectFrom("generations")
      .select(["state", "deleted_at"])
      .where("id", "=", running?.id ?? "")
      .executeTakeFirst();
    expect(row?.state).toBe("cancelled");
    expect(row?.deleted_at).toBeNumber();
    expect(await usedBy()).toBe(used);
  });
});

describe("who has no part in the project", () => {
  test("is told of nothing, whatever is asked", async () => {
    const { id } = await start({});
    const generation = (await server.findAssetView(id))?.newest.id;
    const project = `/api/projects/${server.projectId}`;
    const routes: [string, string][] = [
      ["GET", `/api/assets/${id}`],
      ["GET", `/api/assets/${id}/history`],
      ["GET", `/api/assets/${id}/timeline`],
      ["GET", `/api/assets/${id}/events`],
      ["POST", `/api/assets/${id}/regenerate`],
      ["POST", `/api/v1/regenerate/${id}`],
      ["POST", `/api/assets/${id}/cancel`],
      ["POST", `/api/assets/${id}/generations/${generation}/activate`],
      ["DELETE", `/api/assets/${id}`],
      ["GET", `${project}/assets`],
      ["GET", `${project}/activity`],
      ["DELETE", `${project}/assets?src=https%3A%2F%2Facme.com%2Fa.png`],
    ];
    for (const [method, path] of routes) {
      expect([path, (await outsider(method, path)).status]).toEqual([path, 404]);
      expect([path, (await createJsonClient(server)(method, path)).status]).toEqual([path, 401]);
    }
    expect((await server.get(`/r2/assets/${id}.mp4`)).status).toBe(200);
  });

  test("and a viewer reads, and changes nothing", async () => {
    const { id } = await start({});
    const userId = await addUser(server.store);
    const viewer = createJsonClient(server, await keyHeaders(server.store, userId));
    await server.store.write((tx) =>
      tx.query
        .insertInto("project_members")
        .values({ project_id: server.projectId, user_id: userId, role: "viewer", created_at: 1 })
        .execute(),
    );
    expect((await viewer("GET", `/api/assets/${id}`)).status).toBe(200);
    expect((await viewer("POST", `/api/assets/${id}/regenerate`, {})).status).toBe(403);
    expect((await viewer("DELETE", `/api/assets/${id}`)).status).toBe(403);
  });
});
