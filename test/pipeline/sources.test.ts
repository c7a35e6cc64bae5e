import { afterAll, expect, test } from "bun:test";
import { join } from "node:path";
import type { GuardedClient } from "../../src/net/client.ts";
import { createSourceReader } from "../../src/pipeline/sources.ts";
import { openStorage } from "../../src/storage/open-storage.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
const storage = openStorage({ kind: "disk", root: join(folder.path, "media") });
afterAll(async () => {
  await storage.close();
  await folder.close();
});

const downloads: string[] = [];
const client: GuardedClient = {
  exchange: () => Promise.reject(new Error("not used here")),
  async download(url, path) {
    downloads.push(url);
    await Bun.write(path, "from the network");
  },
};
const own = "http://127.0.0.1:8477/";
const reader = createSourceReader({
  client,
  storage,
  findUploadKey: (src) => (src.startsWith(own) ? src.slice(own.length) : undefined),
});
const options = { signal: new AbortController().signal, allowedOrigins: [] };
const target = join(folder.path, "source");

test("an upload to this server is read from storage, and no request is made", async () => {
  const key = "uploads/usr_demo/1-abc.png";
  await storage.put(key, new TextEncoder().encode("stored"), { contentType: "image/png" });
  await reader.read(`${own}${key}`, target, options);
  expect(await Bun.file(target).text()).toBe("stored");
  expect(downloads).toEqual([]);
});

test("an upload that is gone fails for good", async () => {
  await expect(
    reader.read(`${own}uploads/usr_demo/2-abc.png`, target, options),
  ).rejects.toMatchObject({ code: "source_unfetchable", retry: false });
});

test("anything else goes through the guarded client", async () => {
  await reader.read("https://cdn.acme.com/a.png", target, options);
  expect(downloads).toEqual(["https://cdn.acme.com/a.png"]);
  expect(await Bun.file(target).text()).toBe("from the network");
});
