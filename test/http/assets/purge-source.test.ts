import { describe, expect, test } from "bun:test";
import { keyHeaders } from "../../support/sign-in.ts";
import { createJsonClient } from "../json-client.ts";
import { openTestServer } from "../test-server.ts";

const allowedOrigins = ["https://acme.com", "http://plain.com"];
const server = await openTestServer({ seed: { allowedOrigins } });
const owner = createJsonClient(server, await keyHeaders(server.store, server.ownerId));
let pictures = 0;

/** A new asset, and the source that the owner knows it by. */
async function start(host = "acme.com") {
  const source = `${host}/${pictures++}.png`;
  const { headers } = await server.get(server.url(`${source}.mp4`));
  return { id: headers["x-motioness-asset-id"] ?? "", source };
}

async function purge(src: string) {
  const path = `/api/projects/${server.projectId}/assets?src=${encodeURIComponent(src)}`;
  return owner("DELETE", path);
}

describe("purging a source", () => {
  test("takes every asset of it, and no other", async () => {
    const { id, source } = await start();
    const other = await server.get(server.url(`${source}.mp4`, "?seed=5"));
    const kept = await start();
    const { json } = await purge(`https://${source}`);
    expect(json["deleted"]).toBe(2);
    expect((json["asset_ids"] as string[]).sort()).toEqual(
      [id, other.headers["x-motioness-asset-id"] ?? ""].sort(),
    );
    expect(await server.findAssetView(kept.id)).toBeDefined();
    expect((await purge(`https://${source}`)).json["deleted"]).toBe(0);
  });

  test.each([
    ["acme.com", "http://"],
    ["acme.com", "HTTPS://"],
    ["plain.com", "http://"],
    // A prepare takes this, and the allowed origin says how it is fetched.
    ["plain.com", "https://"],
  ])("of %s finds it by %s, too", async (host, scheme) => {
    const { id, source } = await start(host);
    expect((await purge(`${scheme}${source}`)).json).toEqual({ deleted: 1, asset_ids: [id] });
  });

  test("does not mind a fragment, which no server sees", async () => {
    const { source } = await start();
    expect((await purge(`https://${source}#top`)).json["deleted"]).toBe(1);
  });

  test.each(["acme.com/0.png", "//acme.com/0.png", "mailto:a@acme.com", "data:image/png,x"])(
    "refuses %s",
    async (src) => {
      const { status, json } = await purge(src);
      expect(status).toBe(400);
      expect(json["details"]).toEqual({
        fieldErrors: { src: ["Expected a full http or https URL"] },
        formErrors: [],
      });
    },
  );
});
