import { describe, expect, test } from "bun:test";
import {
  failRendition,
  finishRendition,
  type RenditionMedia,
  renditionJob,
} from "../../../src/assets/renditions.ts";
import { AppError } from "../../../src/errors.ts";
import { claimJobs } from "../../../src/jobs/queue.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { smallPicture } from "../../support/small-picture.ts";
import { finishClip, openTestServer, type TestServer } from "../test-server.ts";

const server = await openTestServer();
const url = (suffix: string, query = "") => server.url(`acme.com/hero.png.${suffix}`, query);
const json = (body: Buffer) => JSON.parse(body.toString()) as Record<string, unknown>;
const hash = "fedcba9876543210".repeat(4);
const etag = `"${hash.slice(0, 32)}"`;

/** Asks for the first time, and has the clip finished. @returns the asset's id. */
async function startAndFinish(suffix: string, query: string, on = server): Promise<string> {
  const path = on.url(`acme.com/hero.png.${suffix}`, query);
  const { status, headers } = await on.get(path);
  expect(status).toBe(202);
  const assetId = headers["x-motioness-asset-id"] ?? "";
  await finishClip(on, assetId);
  return assetId;
}

/** The jobs that wait for a worker, all of them claimed. */
function claim({ store }: Pick<TestServer, "store">) {
  const options = { worker: "test", leaseMs: 60_000, limit: 10, except: [], skipLocked: false };
  return store.write((tx) => claimJobs(tx, { ...options, kind: renditionJob }));
}

/** Does the work of the one job that waits. */
async function finish(on: TestServer, contentType = "image/webp"): Promise<void> {
  const jobs = await claim(on);
  expect(jobs).toHaveLength(1);
  for (const job of jobs) {
    const key = `media/${job.subject.toLowerCase()}`;
    const body = new Uint8Array(3000).fill(7);
    const stored = await on.storage.put(key, body, { contentType });
    const media: RenditionMedia = {
      media_key: key,
      media_sha256: hash,
      bytes: stored.sizeBytes,
      content_type: contentType,
      width: 640,
      height: 360,
    };
    expect(await finishRendition(on.store, job, media)).toBe("ready");
  }
}

async function counts(on: TestServer) {
  const rows = await on.store.read.selectFrom("renditions").select("format").execute();
  const generations = await on.store.read.selectFrom("generations").select("id").execute();
  const usage = await on.store.read.selectFrom("usage").select("used").execute();
  return { renditions: rows.length, generations: generations.length, used: usage[0]?.used ?? 0 };
}

describe("another form of a clip that was never asked for", () => {
  test("starts the clip, at one charge, and is answered 202 with both times together", async () => {
    const answer = await server.get(url("webp", "?seed=1"));
    expect(answer.status).toBe(202);
    const assetId = answer.headers["x-motioness-asset-id"] ?? "";
    expect(json(answer.body)).toEqual({ status: "pending", asset_id: assetId, eta_seconds: 32 });
    expect(answer.headers).toMatchObject({
      "content-type": "application/json",
      "cache-control": "no-store",
      "retry-after": "35",
      "x-motioness-stage": "queued",
      "x-motioness-eta-ms": "32000",
      "access-control-allow-origin": "*",
    });
    const clip = await server.get(url("mp4", "?seed=1"));
    expect(clip.headers["x-motioness-asset-id"]).toBe(assetId);
    expect(await counts(server)).toEqual({ renditions: 0, generations: 1, used: 1 });
    await finishClip(server, assetId);
  });

  test("is made once the clip is ready, once for all who ask", async () => {
    const other = await openTestServer();
    await startAndFinish("webp", "?seed=2", other);
    const path = other.url("acme.com/hero.png.webp", "?seed=2");
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => fetch(`${other.http.url}${path}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    expect(answers[0]?.headers.get("x-motioness-stage")).toBe("merge");
    expect(answers[0]?.headers.get("x-motioness-eta-ms")).toBe("4000");
    expect(await counts(other)).toEqual({ renditions: 1, generations: 1, used: 1 });
    await finish(other);
    expect((await other.get(path)).status).toBe(200);
  });
});

describe("another form of a clip that is ready", () => {
  test("is answered as a clip is, from memory too", async () => {
    const assetId = await startAndFinish("webp", "?seed=10");
    expect((await server.get(url("webp", "?seed=10"))).status).toBe(202);
    await finish(server);
    for (const turn of ["in full", "from memory"]) {
      const answer = await server.get(url("webp", "?seed=10"));
      expect([turn, answer.status, answer.body.length]).toEqual([turn, 200, 3000]);
      expect(answer.headers).toMatchObject({
        "content-type": "image/webp",
        "content-length": "3000",
        "accept-ranges": "bytes",
        "cache-control": "public, max-age=300, s-maxage=31536000, stale-while-revalidate=86400",
        "cache-tag": assetId,
        etag,
        "x-motioness-asset-id": assetId,
        "x-motioness-stage": "ready",
        "x-content-type-options": "nosniff",
        "access-control-allow-origin": "*",
      });
    }
    const before = server.http.hotCounts();
    await server.get(url("webp", "?seed=10"));
    expect(server.http.hotCounts().hits - before.hits).toBe(1);
  });

  test("is answered in parts, conditionally, to HEAD, and for ever under its version", async () => {
    await startAndFinish("gif", "?seed=11");
    const path = url("gif", "?seed=11");
    await server.get(path);
    await finish(server, "image/gif");
    const ask = (headers: Record<string, string>, method = "GET") =>
      server.send({ method, path, headers });
    const part = await ask({ Range: "bytes=0-1" });
    expect([part.status, part.headers["content-range"]]).toEqual([206, "bytes 0-1/3000"]);
    expect((await ask({ "If-None-Match": etag })).status).toBe(304);
    expect((await ask({ "If-Match": '"x"' })).status).toBe(412);
    expect((await ask({ Range: "bytes=3000-" })).status).toBe(416);
    const head = await ask({}, "HEAD");
    expect([head.status, head.headers["content-length"], head.body.length]).toEqual([
      200,
      "3000",
      0,
    ]);
    const versioned = await server.get(url("gif", "?seed=11&v=1"));
    expect(versioned.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  });

  test("as AV1 is a clip under the clip's own address", async () => {
    const assetId = await startAndFinish("mp4", "?seed=12&format=av1");
    await server.get(url("mp4", "?seed=12&format=av1"));
    await finish(server, "video/mp4");
    const av1 = await server.get(url("mp4", "?format=av1&seed=12"));
    expect([av1.status, av1.headers["content-type"], av1.headers["etag"]]).toEqual([
      200,
      "video/mp4",
      etag,
    ]);
    const h264 = await server.get(url("mp4", "?seed=12&format=h264"));
    expect([h264.status, h264.headers["x-motioness-asset-id"]]).toEqual([200, assetId]);
    expect(h264.headers["etag"]).not.toBe(etag);
  });

  test("is waited for with wait_ms, from before there is a clip", async () => {
    const path = url("webp", "?seed=13&wait_ms=10000");
    const waiting = server.get(path);
    const { headers } = await server.get(url("mp4", "?seed=13"));
    await finishClip(server, headers["x-motioness-asset-id"] ?? "");
    await jobQueued(server);
    await finish(server);
    expect((await waiting).status).toBe(200);
  });

  test("has the poster in its place while it is made, for an image that asks so", async () => {
    const still = await smallPicture();
    const other = await openTestServer({ sourceBytes: { "https://acme.com/hero.png": still } });
    const path = other.url("acme.com/hero.png.webp", "?pending=poster");
    const image = { "Sec-Fetch-Dest": "image" };
    const first = await other.get(path, image);
    expect([first.status, first.headers["content-type"]]).toEqual([200, "image/jpeg"]);
    expect(first.headers["cache-control"]).toBe("no-store");
    expect(first.headers["etag"]).toBeUndefined();
    await finishClip(other, first.headers["x-motioness-asset-id"] ?? "", { poster: still });
    const second = await other.get(path, image);
    expect([second.status, second.headers["content-type"]]).toEqual([200, "image/jpeg"]);
    await finish(other);
    expect((await other.get(path, image)).headers["content-type"]).toBe("image/webp");
  });
});

describe("another form of a clip that cannot be had", () => {
  test("because its making failed, is answered 502 with the reason, and not tried again", async () => {
    const assetId = await startAndFinish("gif", "?seed=20");
    await server.get(url("gif", "?seed=20"));
    for (const job of await claim(server)) {
      await failRendition(server.store, job, new AppError("rendition_failed", "it is too large"));
    }
    for (const _ of [1, 2]) {
      const answer = await server.get(url("gif", "?seed=20"));
      expect(answer.status).toBe(502);
      expect(json(answer.body)).toEqual({
        error: "the gif could not be made: it is too large",
        asset_id: assetId,
        hint: `POST /api/v1/regenerate/${assetId}`,
      });
      expect(answer.headers["x-motioness-asset-id"]).toBe(assetId);
    }
    expect(await claim(server)).toEqual([]);
    // The clip itself is as it was.
    expect((await server.get(url("mp4", "?seed=20"))).status).toBe(200);
  });

  test("because its clip failed, is answered as the clip is", async () => {
    const { headers } = await server.get(url("avif", "?seed=21"));
    const assetId = headers["x-motioness-asset-id"] ?? "";
    await finishClip(server, assetId, { failIn: "stage1" });
    const answer = await server.get(url("avif", "?seed=21"));
    expect([answer.status, json(answer.body)["error"]]).toEqual([502, "last generation failed"]);
  });

  test("because this server lacks the encoder, is refused with 501 and starts nothing", async () => {
    const lacking = await openTestServer({
      renditions: {
        async check(format) {
          throw new AppError("unsupported_format", `this server makes no ${format}`);
        },
        ensure: () => Promise.reject(new Error("nothing is made")),
      },
    });
    for (const path of ["acme.com/a.png.avif", "acme.com/a.png.mp4?format=av1"]) {
      const answer = await lacking.get(lacking.url(path));
      expect(answer.status).toBe(501);
      expect(json(answer.body)["error"]).toMatch(/^this server makes no av/);
      expect(answer.headers["cache-control"]).toBe("no-store");
    }
    expect(await counts(lacking)).toEqual({ renditions: 0, generations: 0, used: 0 });
  });
});

test("a form whose job was lost gets another when it is asked for a minute later", async () => {
  const clock = createManualClock();
  const other = await openTestServer({ clock });
  await startAndFinish("webp", "", other);
  const path = other.url("acme.com/hero.png.webp");
  await other.get(path);
  const jobCount = async () =>
    (
      await other.store.read
        .selectFrom("jobs")
        .where("kind", "=", renditionJob)
        .selectAll()
        .execute()
    ).length;
  expect(await jobCount()).toBe(1);
  await other.store.write((tx) =>
    tx.query.deleteFrom("jobs").where("kind", "=", renditionJob).execute(),
  );
  clock.advance(50_000);
  expect((await other.get(path)).status).toBe(202);
  expect(await jobCount()).toBe(0);
  clock.advance(20_000);
  expect((await other.get(path)).headers["x-motioness-eta-ms"]).toBe("1000");
  expect(await jobCount()).toBe(1);
});

/** Resolves when the waiting request has had the form queued. */
function jobQueued({ store }: TestServer): Promise<void> {
  return new Promise((resolve) => {
    const look = async () => {
      const job = await store.read
        .selectFrom("jobs")
        .select("id")
        .where("kind", "=", renditionJob)
        .executeTakeFirst();
      if (!job) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = store.subscribe(() => void look());
    void look();
  });
}
