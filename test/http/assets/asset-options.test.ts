import { describe, expect, test } from "bun:test";
import { keyHeaders } from "../../support/sign-in.ts";
import { createJsonClient } from "../json-client.ts";
import { type FinishOptions, finishClip, openTestServer } from "../test-server.ts";

const server = await openTestServer();
const owner = createJsonClient(server, await keyHeaders(server.store, server.ownerId));
let pictures = 0;

/** An asset that was asked for and then made, so far as the options say. */
async function start(options: FinishOptions) {
  const src = `https://acme.com/${pictures++}.png`;
  const prepared = await owner("POST", "/api/v1/prepare", { project_id: server.projectId, src });
  const id = prepared.json["asset_id"] as string;
  await finishClip(server, id, options);
  return { id };
}

describe("the options of an asset are those of the clip that is served: a regenerate", () => {
  test.each(["failed", "cancelled"])("that is %s leaves them alone", async (end) => {
    const { id } = await start({});
    const look = async () => (await owner("GET", `/api/assets/${id}`)).json;
    const optionsOf = (of: unknown) => {
      const { motion, mode, dur_seconds, seed } = of as Record<string, unknown>;
      return { motion, mode, dur_seconds, seed };
    };
    const before = optionsOf((await look())["asset"]);
    const changes = { motion: "kinetic", mode: "animate-in", dur_seconds: 6, seed: 7 };
    await owner("POST", `/api/assets/${id}/regenerate`, changes);
    if (end === "failed") await finishClip(server, id, { failIn: "source" });
    else await owner("POST", `/api/assets/${id}/cancel`);
    const { asset, generations } = await look();
    expect(optionsOf(asset)).toEqual(before);
    expect(generations).toMatchObject([{ ...changes, status: "failed" }, { status: "ready" }]);
    await owner("POST", `/api/assets/${id}/regenerate`, {});
    const { newest } = (await server.findAssetView(id)) ?? {};
    expect(newest).toMatchObject({ motion: "medium", mode: "loop", dur_seconds: 4 });
    expect(newest?.seed).not.toBe(7);
  });

  test("of an asset without a clip changes them at once", async () => {
    const { id } = await start({ failIn: "vision" });
    await owner("POST", `/api/assets/${id}/regenerate`, { motion: "subtle", seed: 9 });
    const { asset } = (await owner("GET", `/api/assets/${id}`)).json;
    expect(asset).toMatchObject({ motion: "subtle", seed: 9 });
  });
});

test("activating a clip brings its options back with it", async () => {
  const { id } = await start({});
  const first = (await server.findAssetView(id))?.current?.id ?? "";
  await owner("POST", `/api/assets/${id}/regenerate`, { motion: "subtle", seed: 7 });
  await finishClip(server, id);
  const look = async () => (await owner("GET", `/api/assets/${id}`)).json["asset"];
  expect(await look()).toMatchObject({ motion: "subtle", seed: 7 });
  await owner("POST", `/api/assets/${id}/generations/${first}/activate`);
  expect(await look()).toMatchObject({ motion: "medium", seed: null });
});
