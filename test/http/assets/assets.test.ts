import { describe, expect, test } from "bun:test";
import { createManualClock } from "../../support/manual-clock.ts";
import { keyHeaders } from "../../support/sign-in.ts";
import { createJsonClient } from "../json-client.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const clock = createManualClock();
const server = await openTestServer({ clock });
const owner = createJsonClient(server, await keyHeaders(server.store, server.ownerId));

async function start(query: string, finish?: Parameters<typeof finishClip>[2]) {
  const { headers } = await server.get(server.url("acme.com/a.png.mp4", query));
  const id = headers["x-motioness-asset-id"] ?? "";
  if (finish) await finishClip(server, id, finish);
  return id;
}

const documented = [
  "id",
  "project_id",
  "src_url",
  "status",
  "mp4_url",
  "poster_url",
  "duration_ms",
  "bytes",
  "vision_prompt",
  "model",
  "loop_mode",
  "created_at",
  "ready_at",
  "error",
];

describe("an asset", () => {
  test("has every documented key from the start, and null for what is to come", async () => {
    const id = await start("?seed=100");
    const { status, json } = await owner("GET", `/api/assets/${id}`);
    expect(status).toBe(200);
    const asset = json["asset"] as Record<string, unknown>;
    expect(Object.keys(asset)).toEqual(expect.arrayContaining(documented));
    expect(asset).toMatchObject({
      id,
      project_id: server.projectId,
      src_url: "https://acme.com/a.png",
      status: "pending",
      mp4_url: null,
      poster_url: null,
      duration_ms: null,
      bytes: null,
      loop_mode: null,
      ready_at: null,
      error: null,
    });
  });

  test("tells of its clip when it is ready", async () => {
    const id = await start("?seed=101", { poster: new Uint8Array(10) });
    const { asset, generations } = (await owner("GET", `/api/assets/${id}`)).json;
    const r2 = `${server.http.url}/r2/assets/${id}`;
    expect(asset).toMatchObject({
      status: "ready",
      mp4_url: `${r2}.mp4`,
      poster_url: `${r2}.jpg`,
      duration_ms: 4000,
      bytes: 5000,
      loop_mode: "native",
    });
    expect(generations).toMatchObject([
      {
        attempt_no: 1,
        status: "ready",
        mode: "loop",
        seed: 101,
        bytes: 5000,
        is_current: true,
        mp4_url: `${r2}.mp4?v=1`,
      },
    ]);
  });

  test("says why it failed, as one string", async () => {
    const id = await start("?seed=102", { failIn: "stage1" });
    const { asset } = (await owner("GET", `/api/assets/${id}`)).json;
    expect(asset).toMatchObject({ status: "failed", error: "i2v_failed: it failed" });
  });

  test.each(["0".repeat(16), "..%2f..", "A".repeat(16), "0".repeat(15)])(
    "%s is not found",
    async (id) => {
      const { status, json } = await owner("GET", `/api/assets/${id}`);
      expect([status, json]).toEqual([404, { error: "not found" }]);
    },
  );

  test("whose job was lost gets another when it is read after 25 seconds", async () => {
    const id = await start("?seed=103");
    const generation = (await server.findAssetView(id))?.newest.id ?? "";
    const jobs = () =>
      server.store.read.selectFrom("jobs").select("id").where("subject", "=", generation).execute();
    await server.store.write((tx) =>
      tx.query.deleteFrom("jobs").where("subject", "=", generation).execute(),
    );
    clock.advance(25_000);
    await owner("GET", `/api/assets/${id}`);
    expect(await jobs()).toHaveLength(0);
    clock.advance(1);
    await owner("GET", `/api/assets/${id}`);
    expect(await jobs()).toHaveLength(1);
  });

  test("whose provider is asked at its time is asked at once, and not more often than that", async () => {
    const id = await start("?seed=104", { until: "stage1" });
    const generation = (await server.findAssetView(id))?.newest.id ?? "";
    const waitMs = 600_000;
    const plan = async () =>
      server.store.write(async (tx) => {
        await tx.query
          .updateTable("generations")
          .set({ provider_reference: "ref_1", progressed_at: tx.now })
          .where("id", "=", generation)
          .execute();
        await tx.query
          .updateTable("jobs")
          .set({ due_at: clock.now() + waitMs })
          .where("subject", "=", generation)
          .execute();
      });
    const dueInMs = async () => {
      const { due_at: dueAt } = await server.store.read
        .selectFrom("jobs")
        .select("due_at")
        .where("subject", "=", generation)
        .executeTakeFirstOrThrow();
      return dueAt - clock.now();
    };
    clock.advance(30_000);
    await plan();
    await owner("GET", `/api/assets/${id}`);
    expect(await dueInMs()).toBe(waitMs);
    clock.advance(5001);
    await owner("GET", `/api/assets/${id}`);
    expect(await dueInMs()).toBe(0);
  });
});

describe("a project's assets", async () => {
  const lists = await openTestServer({ clock });
  const ask = createJsonClient(lists, await keyHeaders(lists.store, lists.ownerId));
  const ids: string[] = [];
  for (let seed = 0; seed < 7; seed++) {
    // Two of each moment, so that a page may end between equals.
    if (seed % 2 === 0) clock.advance(1000);
    const mode = seed % 3 === 0 ? "animate-in" : "loop";
    const path = lists.url("acme.com/a.png.mp4", `?seed=${seed}&mode=${mode}`);
    ids.push((await lists.get(path)).headers["x-motioness-asset-id"] ?? "");
  }
  await finishClip(lists, ids[1] ?? "");
  const path = `/api/projects/${lists.projectId}/assets`;
  const list = async (query = "") => (await ask("GET", `${path}${query}`)).json;
  const idsOf = (json: Record<string, unknown>) =>
    (json["assets"] as { id: string }[]).map(({ id }) => id);

  test("come newest first, page by page, each once", async () => {
    const all = idsOf(await list());
    expect([...all].sort()).toEqual([...ids].sort());
    const seen: string[] = [];
    let cursor: unknown;
    do {
      const page = await list(`?limit=3${cursor ? `&cursor=${cursor}` : ""}`);
      seen.push(...idsOf(page));
      cursor = page["next_cursor"];
    } while (cursor !== null);
    expect(seen).toEqual(all);
  });

  test("are found by status, mode and time", async () => {
    expect(idsOf(await list("?status=ready"))).toEqual([ids[1] ?? ""]);
    expect(idsOf(await list("?mode=animate-in")).sort()).toEqual(
      [ids[0], ids[3], ids[6]].map(String).sort(),
    );
    const { created_at: at } = ((await list()) as { assets: { created_at: number }[] })
      .assets[0] ?? { created_at: 0 };
    expect(idsOf(await list(`?from=${at}`))).toEqual([ids[6] ?? ""]);
    expect(idsOf(await list(`?to=${at}`))).toHaveLength(6);
  });

  test.each(["?limit=0", "?limit=101", "?status=done", "?cursor=abc", "?foo=1", "?from=yesterday"])(
    "%s is refused",
    async (query) => {
      expect((await ask("GET", `${path}${query}`)).status).toBe(400);
    },
  );
});

describe("what happened to an asset", () => {
  test("is told as JSON, page by page", async () => {
    const id = await start("?seed=110", {});
    const all = (await owner("GET", `/api/assets/${id}/history`)).json as {
      events: { id: number; event: string }[];
      next_after: number | null;
    };
    expect(all.events.map(({ event }) => event)).toEqual([
      "queued",
      "vision_completed",
      "stage_completed",
      "stage_completed",
      "stage_completed",
      "r2_write_completed",
      "ready",
    ]);
    expect(all.next_after).toBeNull();
    const first = (await owner("GET", `/api/assets/${id}/history?limit=2`)).json;
    expect(first["next_after"]).toBe(all.events[1]?.id ?? 0);
    const rest = await owner("GET", `/api/assets/${id}/history?after=${first["next_after"]}`);
    expect(rest.json["events"]).toEqual(all.events.slice(2));
  });

  test("is told as the time each stage took", async () => {
    const id = await start("?seed=111", { until: "stage1" });
    clock.advance(1500);
    await finishClip(server, id);
    const { generations } = (await owner("GET", `/api/assets/${id}/timeline`)).json as {
      generations: { total_ms: number; status: string; stages: { stage: string }[] }[];
    };
    expect(generations).toMatchObject([{ attempt_no: 1, status: "ready", total_ms: 1500 }]);
  });
});
