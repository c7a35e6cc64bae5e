import { describe, expect, test } from "bun:test";
import { findAssetView } from "../../../src/assets/store.ts";
import { clipEtag, finishClip, openTestServer } from "../test-server.ts";

const server = await openTestServer();
const url = (query = "") => server.url("acme.com/hero.png.mp4", query);
const json = (body: Buffer) => JSON.parse(body.toString()) as Record<string, unknown>;

/** Asks for a clip for the first time. @returns its asset's id. */
async function start(query: string): Promise<string> {
  const answer = await server.get(url(query));
  expect(answer.status).toBe(202);
  return answer.headers["x-motioness-asset-id"] ?? "";
}

describe("an mp4 URL that was never asked for", () => {
  test("is answered 202, with what a caller needs to wait", async () => {
    const answer = await server.get(url("?seed=1"), { "X-Request-Id": "mine-0001" });
    expect(answer.status).toBe(202);
    const assetId = answer.headers["x-motioness-asset-id"] ?? "";
    expect(assetId).toMatch(/^[0-9a-f]{16}$/);
    expect(json(answer.body)).toEqual({ status: "pending", asset_id: assetId, eta_seconds: 28 });
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "retry-after": "30",
      "x-motioness-stage": "queued",
      "x-motioness-eta-ms": "28000",
      "x-request-id": "mine-0001",
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
    });
    expect(answer.headers["access-control-expose-headers"]).toContain("X-Motioness-Eta-Ms");
    const view = await findAssetView(server.store.read, assetId);
    expect(view?.newest.request_id).toBe("mine-0001");
  });

  test("is one asset for equal options, another for others", async () => {
    const ids = await Promise.all(
      ["?seed=2", "?seed=2&motion=medium&mode=loop&dur=4", "?wait_ms=0&seed=2", "?seed=3"].map(
        start,
      ),
    );
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
  });

  test("can be set apart by idem or its header, of which idem wins", async () => {
    const idOf = async (query: string, headers: Record<string, string>) =>
      (await server.get(url(query), headers)).headers["x-motioness-asset-id"];
    const plain = await idOf("?seed=4", {});
    const a = await idOf("?seed=4&idem=a", {});
    expect(await idOf("?seed=4", { "Idempotency-Key": "a" })).toBe(a);
    expect(await idOf("?seed=4&idem=a", { "Idempotency-Key": "b" })).toBe(a);
    expect(await idOf("?seed=4", { "Idempotency-Key": "b" })).not.toBe(a);
    expect(await idOf("?seed=4", {})).toBe(plain);
    expect(plain).not.toBe(a);
  });

  test("asked for by 200 at once starts one generation and one charge", async () => {
    const usedBefore = await used();
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => fetch(`${server.http.url}${url("?seed=5")}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const ids = new Set(answers.map(({ headers }) => headers.get("x-motioness-asset-id")));
    expect(ids.size).toBe(1);
    const [assetId = ""] = ids;
    const generations = await server.store.read
      .selectFrom("generations")
      .select("id")
      .where("asset_id", "=", assetId ?? "")
      .execute();
    expect(generations).toHaveLength(1);
    expect((await used()) - usedBefore).toBe(1);
  });

  test("answers HEAD with the headers alone", async () => {
    const answer = await server.send({ method: "HEAD", path: url("?seed=6") });
    expect(answer.status).toBe(202);
    expect(answer.headers["x-motioness-eta-ms"]).toBe("28000");
    expect(answer.body).toHaveLength(0);
  });
});

describe("an mp4 URL whose clip is ready", () => {
  test("is answered with the clip, which may be kept but is asked about", async () => {
    const assetId = await start("?seed=10");
    await finishClip(server, assetId);
    for (const turn of ["in full", "from memory"]) {
      const answer = await server.get(url("?seed=10"));
      expect([turn, answer.status]).toEqual([turn, 200]);
      expect(answer.body).toHaveLength(5000);
      expect(answer.headers).toMatchObject({
        "content-type": "video/mp4",
        "content-length": "5000",
        "accept-ranges": "bytes",
        "cache-control": "public, max-age=300, s-maxage=31536000, stale-while-revalidate=86400",
        "cache-tag": assetId,
        "surrogate-key": assetId,
        etag: clipEtag,
        "x-motioness-asset-id": assetId,
        "x-motioness-stage": "ready",
        "x-motioness-loop": "native",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
        vary: "Idempotency-Key",
      });
      expect(answer.headers["x-request-id"]).toMatch(/^req_[0-9a-f]{8}$/);
    }
  });

  test("never changes under the address that names its generation", async () => {
    const assetId = await start("?seed=11");
    await finishClip(server, assetId);
    const cacheOf = async (query: string) =>
      (await server.get(url(query))).headers["cache-control"];
    expect(await cacheOf("?seed=11&v=1")).toBe("public, max-age=31536000, immutable");
    expect(await cacheOf("?seed=11&v=2")).toContain("max-age=300");
  });

  test("is answered in parts, conditionally and to HEAD", async () => {
    const assetId = await start("?seed=12");
    await finishClip(server, assetId);
    const ask = (headers: Record<string, string>, method = "GET") =>
      server.send({ method, path: url("?seed=12"), headers });
    const first = await ask({ Range: "bytes=0-1" });
    expect([first.status, first.headers["content-range"]]).toEqual([206, "bytes 0-1/5000"]);
    expect((await ask({ "If-None-Match": clipEtag })).status).toBe(304);
    expect((await ask({ "If-Match": '"x"' })).status).toBe(412);
    const outside = await ask({ Range: "bytes=5000-" });
    expect([outside.status, outside.headers["content-range"]]).toEqual([416, "bytes */5000"]);
    const head = await ask({}, "HEAD");
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([
      200,
      "5000",
      0,
    ]);
  });

  test("is not the clip of the same URL with an Idempotency-Key", async () => {
    await finishClip(server, await start("?seed=13"));
    expect((await server.get(url("?seed=13"))).status).toBe(200);
    const other = await server.get(url("?seed=13"), { "Idempotency-Key": "other" });
    expect(other.status).toBe(202);
    expect((await server.get(url("?seed=13"))).status).toBe(200);
  });

  test("is answered without the database in the steady state", async () => {
    await finishClip(server, await start("?seed=14"));
    await server.get(url("?seed=14"));
    const before = server.http.hotCounts();
    for (let turn = 0; turn < 5; turn++) await server.get(url("?seed=14"));
    const after = server.http.hotCounts();
    expect([after.hits - before.hits, after.misses - before.misses]).toEqual([5, 0]);
  });
});

describe("what has changed is seen by the next request", () => {
  test("each stage of the work", async () => {
    const assetId = await start("?seed=20");
    const stages: (string | undefined)[] = [];
    for (const until of ["source", "stage1", "stage2", "merge", "write", "ready"]) {
      await finishClip(server, assetId, { until });
      // Twice, since the second may come from memory.
      await server.get(url("?seed=20"));
      stages.push((await server.get(url("?seed=20"))).headers["x-motioness-stage"]);
    }
    expect(stages).toEqual(["queued", "stage1", "stage2", "merge", "merge", "ready"]);
  });

  test("a failure, which names the asset and how to go on", async () => {
    const assetId = await start("?seed=21");
    await finishClip(server, assetId, { failIn: "stage1" });
    const answer = await server.get(url("?seed=21"));
    expect(answer.status).toBe(502);
    expect(json(answer.body)).toEqual({
      error: "last generation failed",
      asset_id: assetId,
      hint: `POST /api/v1/regenerate/${assetId}`,
    });
    expect(answer.headers).toMatchObject({
      "x-motioness-asset-id": assetId,
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
    });
    // It is not tried again by asking again.
    expect((await server.get(url("?seed=21"))).status).toBe(502);
  });

  test("a project that is deleted", async () => {
    const other = await openTestServer();
    const path = other.url("acme.com/a.png.mp4");
    const { headers } = await other.get(path);
    await finishClip(other, headers["x-motioness-asset-id"] ?? "");
    await other.get(path);
    expect((await other.get(path)).status).toBe(200);
    await other.store.write(async (tx) => {
      await tx.query.updateTable("projects").set({ deleted_at: 1 }).execute();
      tx.wake(`project:${other.projectId}`);
    });
    const answer = await other.get(path);
    expect([answer.status, json(answer.body)]).toEqual([403, { error: "unknown project key" }]);
  });
});

describe("wait_ms", () => {
  test("answers with the clip as soon as it is ready", async () => {
    const assetId = await start("?seed=30");
    const waiting = server.get(url("?seed=30&wait_ms=10000"));
    await finishClip(server, assetId);
    expect((await waiting).status).toBe(200);
  });

  test("answers with the failure as soon as it is there", async () => {
    const assetId = await start("?seed=31");
    const waiting = server.get(url("?seed=31&wait_ms=10000"));
    await finishClip(server, assetId, { failIn: "vision" });
    expect((await waiting).status).toBe(502);
  });

  test("answers 202 when the time is over", async () => {
    expect((await server.get(url("?seed=32&wait_ms=20"))).status).toBe(202);
  });
});

async function used(): Promise<number> {
  const row = await server.store.read
    .selectFrom("usage")
    .select("used")
    .where("user_id", "=", server.ownerId)
    .executeTakeFirst();
  return row?.used ?? 0;
}
