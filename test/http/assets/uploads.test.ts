import { describe, expect, test } from "bun:test";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { beginUpload, uploadCleanupJob } from "../../../src/assets/uploads.ts";
import { openRunner } from "../../../src/jobs/runner.ts";
import { createUploadCleanup } from "../../../src/pipeline/upload-cleanup.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { addUser, keyHeaders } from "../../support/sign-in.ts";
import { silentLog } from "../../support/silent-log.ts";
import { smallPicture } from "../../support/small-picture.ts";
import { until } from "../../support/until.ts";
import { createJsonClient } from "../json-client.ts";
import { openTestServer, type TestServer } from "../test-server.ts";

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
    const described = { content_type: "image/png", bytes: 10, width: 1, height: 1 };
    const begun = { key, user_id: server.ownerId, file: "1-killed.png", ...described };
    await beginUpload(store, begun, server.config.uploads);
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

describe("what a user may have stored", () => {
  const limits = { filesMax: 2, bytesMax: 1024 ** 2 };
  const open = (changes: Partial<typeof limits>) =>
    openTestServer({ config: { uploads: { ...limits, ...changes } } });
  const send = async (to: TestServer, as: Record<string, string>) => {
    const form = new FormData();
    form.append("file", new Blob([picture]), "a.png");
    const url = `${to.http.url}/api/v1/upload`;
    const answer = await fetch(url, { method: "POST", headers: as, body: form });
    return { answer, json: (await answer.json()) as { error?: string; key: string } };
  };

  test("is so many files: then each that is deleted makes room for another", async () => {
    const full = await open({});
    const as = await keyHeaders(full.store, full.ownerId);
    const all = await Promise.all(Array.from({ length: 5 }, () => send(full, as)));
    expect(all.map(({ answer }) => answer.status).sort()).toEqual([200, 200, 429, 429, 429]);
    const { answer, json } = await send(full, as);
    expect(answer.headers.get("retry-after")).toBeNull();
    expect(json.error).toMatch(
      /^upload limit reached: 2 of 2 files and \d of 1 MiB are stored; delete some with DELETE /,
    );
    const file = all
      .find((one) => one.answer.status === 200)
      ?.json.key.split("/")
      .at(-1);
    const client = createJsonClient(full, as);
    expect((await client("DELETE", `/api/v1/uploads/${file}`)).status).toBe(200);
    expect((await send(full, as)).answer.status).toBe(200);
    const other = await keyHeaders(full.store, await addUser(full.store));
    expect((await send(full, other)).answer.status).toBe(200);
    expect(await readdir(full.scratchRoot)).toEqual([]);
  });

  test("is so many bytes, and a refused upload leaves nothing", async () => {
    const { length } = picture;
    const full = await open({ filesMax: 1000, bytesMax: length + 10 });
    const as = await keyHeaders(full.store, full.ownerId);
    expect((await send(full, as)).answer.status).toBe(200);
    expect((await send(full, as)).answer.status).toBe(429);
    const rows = await full.store.read.selectFrom("uploads").select("state").execute();
    expect(rows).toEqual([{ state: "stored" }]);
  });
});

test("a form has one file and nothing else, and nothing of it stays in the scratch folder", async () => {
  const post = async (form: FormData) => {
    const url = `${server.http.url}/api/v1/upload`;
    const answer = await fetch(url, { method: "POST", headers, body: form });
    return [answer.status, ((await answer.json()) as Refused).details?.fieldErrors];
  };
  const formOf = (...parts: readonly (readonly [string, string | Blob])[]) => {
    const form = new FormData();
    for (const [name, value] of parts) form.append(name, value);
    return form;
  };
  const [file, one] = [new Blob([picture]), ["Expected exactly one file"]];
  expect(await post(formOf(["file", file], ["file", file]))).toEqual([400, { file: one }]);
  expect(await post(formOf(["file", "text"]))).toEqual([400, { file: one }]);
  expect(await post(formOf(["file", file], ["note", "x"]))).toEqual([
    400,
    { note: ["Unexpected property"], file: one },
  ]);
  expect(await post(formOf(["file", file], ["n".repeat(100_000), "x"]))).toEqual([
    400,
    { ["n".repeat(40)]: ["Unexpected property"], file: one },
  ]);
  expect(await readdir(server.scratchRoot)).toEqual([]);
});

test.each(["scratch", "media"])(
  "without its %s folder an upload is to be tried again",
  async (part) => {
    const broken = await openTestServer();
    const as = await keyHeaders(broken.store, broken.ownerId);
    const path = join(dirname(broken.scratchRoot), part);
    await mkdir(path, { recursive: true });
    await rename(path, `${path}.away`);
    // What is a file can be no folder, whoever asks.
    await writeFile(path, "");
    const send = async () => {
      const form = new FormData();
      form.append("file", new Blob([picture]), "a.png");
      const url = `${broken.http.url}/api/v1/upload`;
      return fetch(url, { method: "POST", headers: as, body: form });
    };
    const refused = await send();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await refused.json()).toEqual({
      error: "the picture cannot be stored now; try again later",
    });
    await rm(path);
    await rename(`${path}.away`, path);
    expect((await send()).status).toBe(200);
    expect(broken.log.lines.filter(({ level }) => level === "error")).toEqual([]);
  },
);

interface Refused {
  readonly details?: { readonly fieldErrors: Readonly<Record<string, readonly string[]>> };
}

test("uploads of one user that drip leave room for another's, and nothing when they end", async () => {
  const head =
    `POST /api/v1/upload HTTP/1.1\r\nHost: a.com\r\nAuthorization: ${headers.Authorization}\r\n` +
    "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\n\r\n--x";
  let refused = 0;
  const sockets = Array.from({ length: 12 }, () => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(head));
    socket.once("data", () => {
      refused += 1;
    });
    return socket.on("error", () => socket.destroy());
  });
  await until(async () => refused === 4);
  const other = await keyHeaders(store, await addUser(store));
  const taken = await upload(other);
  expect(taken.status).toBe(200);
  const before = server.log.lines.length;
  for (const socket of sockets) socket.destroy();
  const ended = () => server.log.lines.slice(before).filter(({ message }) => message === "request");
  await until(async () => ended().length === 8);
  // Hanging up is no fault of ours.
  expect(ended().map(({ fields }) => fields["status"])).toEqual(Array(8).fill(400));
  expect(server.log.lines.filter(({ level }) => level === "error")).toEqual([]);
  expect(await readdir(server.scratchRoot)).toEqual([]);
});
