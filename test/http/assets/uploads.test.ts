import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { beginUpload, uploadCleanupJob } from "../../../src/assets/uploads.ts";
import { openRunner } from "../../../src/jobs/runner.ts";
import { createUploadCleanup } from "../../../src/pipeline/upload-cleanup.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { addUser, keyHeaders } from "../../support/sign-in.ts";
import { silentLog } from "../../support/silent-log.ts";
import { smallPicture } from "../../support/small-picture.ts";
import { until } from "../../support/until.ts";
import { createJsonClient } from "../json-client.ts";
import { openTestServer } from "../test-server.ts";

const clock = createManualClock();
const server = await openTestServer({ clock });
const { store, storage } = server;
const headers = await keyHeaders(store, server.ownerId);
const owner = createJsonClient(server, headers);
const picture = await smallPicture();

async function upload(as: Record<string, string> = headers) {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(picture)], { type: "image/png" }), "a.png");
  const url = `${server.http.url}/api/v1/upload`;
  const answer = await fetch(url, { method: "POST", headers: as, body: form });
  return { status: answer.status, json: (await answer.json()) as { url: string; key: string } };
}

const openCleaner = () =>
  openRunner({
    store,
    handlers: { [uploadCleanupJob]: createUploadCleanup({ store, storage }) },
    concurrency: 1,
    worker: "cleaner",
    clock,
    log: silentLog,
  });
const jobs = () => store.read.selectFrom("jobs").select("subject").execute();

describe("uploads", () => {
  test("are listed to whom they belong, newest first, page by page", async () => {
    const keys: string[] = [];
    for (let count = 0; count < 3; count++) {
      clock.advance(1000);
      keys.unshift((await upload()).json.key);
    }
    const other = await keyHeaders(store, await addUser(store));
    expect((await upload(other)).status).toBe(200);
    const first = (await owner("GET", "/api/v1/uploads?limit=2")).json as {
      uploads: { key: string; url: string; content_type: string; bytes: number }[];
      next_cursor: string;
    };
    expect(first.uploads.map(({ key }) => key)).toEqual(keys.slice(0, 2));
    expect(first.uploads[0]).toMatchObject({
      url: `${server.http.url}/${keys[0]}`,
      content_type: "image/png",
    });
    expect(first.uploads[0]?.bytes).toBeGreaterThan(0);
    const rest = await owner("GET", `/api/v1/uploads?cursor=${first.next_cursor}`);
    expect(rest.json).toMatchObject({ uploads: [{ key: keys[2] }], next_cursor: null });
    expect(await jobs()).toEqual([]);
  });

  test("are gone at once when deleted, and their bytes soon after", async () => {
    const { key, url } = (await upload()).json;
    const file = key.split("/").at(-1);
    const foreign = createJsonClient(server, await keyHeaders(store, await addUser(store)));
    expect((await foreign("DELETE", `/api/v1/uploads/${file}`)).status).toBe(404);
    expect((await owner("DELETE", `/api/v1/uploads/${file}`)).json).toEqual({ ok: true });
    expect((await owner("DELETE", `/api/v1/uploads/${file}`)).status).toBe(404);
    expect((await server.get(new URL(url).pathname)).status).toBe(404);
    const cleaner = await openCleaner();
    await until(async () => (await storage.stat(key)) === undefined && (await jobs()).length === 0);
    await cleaner.close();
  });

  test("that a killed process left half made are removed after an hour", async () => {
    const key = `uploads/${server.ownerId}/1-killed.png`;
    const described = { content_type: "image/png", width: 1, height: 1 };
    await beginUpload(store, { key, user_id: server.ownerId, file: "1-killed.png", ...described });
    await storage.put(key, new Uint8Array(10), { contentType: "image/png" });
    expect((await server.get(`/${key}`)).status).toBe(404);
    const cleaner = await openCleaner();
    clock.advance(59 * 60_000);
    expect((await storage.stat(key))?.sizeBytes).toBe(10);
    await until(async () => {
      clock.advance(60_000);
      return (await storage.stat(key)) === undefined;
    });
    const rows = store.read.selectFrom("uploads").select("key").where("key", "=", key);
    await until(async () => (await rows.execute()).length === 0);
    await cleaner.close();
  });

  test("need somebody who may write", async () => {
    expect((await upload({})).status).toBe(401);
    const reader = await keyHeaders(store, server.ownerId, ["read"]);
    expect((await upload(reader)).status).toBe(403);
    expect((await createJsonClient(server)("GET", "/api/v1/uploads")).status).toBe(401);
  });
});

test("uploads of one user that drip leave room for another's", async () => {
  const head =
    `POST /api/v1/upload HTTP/1.1\r\nHost: a.com\r\nAuthorization: ${headers.Authorization}\r\n` +
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x";
  let refused = 0;
  const sockets = Array.from({ length: 6 }, () => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(head));
    socket.once("data", () => {
      refused += 1;
    });
    return socket.on("error", () => socket.destroy());
  });
  await until(async () => refused === 3);
  const other = await keyHeaders(store, await addUser(store));
  const taken = await upload(other);
  for (const socket of sockets) socket.destroy();
  expect(taken.status).toBe(200);
});
