import { expect, test } from "bun:test";
import { addUser, keyHeaders } from "../../support/sign-in.ts";
import { createJsonClient } from "../json-client.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const server = await openTestServer();
const owner = createJsonClient(server, await keyHeaders(server.store, server.ownerId));
const other = createJsonClient(server, await keyHeaders(server.store, await addUser(server.store)));

async function makeClip(source: string): Promise<string> {
  const answer = await server.get(server.url(`${source}.mp4`));
  const id = answer.headers["x-motioness-asset-id"] ?? "";
  await finishClip(server, id, {});
  return id;
}

test("whoever owned a deleted project can have its clips removed, and nobody else", async () => {
  const one = await makeClip("acme.com/one.png");
  const two = await makeClip("acme.com/two.png");
  const served = async (id: string) => (await server.get(`/r2/assets/${id}.mp4`)).status;
  await owner("DELETE", `/api/projects/${server.projectId}`);
  expect([await served(one), await served(two)]).toEqual([200, 200]);

  const bySource = `/api/projects/${server.projectId}/assets?src=https://acme.com/two.png`;
  for (const path of [`/api/assets/${one}`, bySource]) {
    expect((await other("DELETE", path)).status).toBe(404);
  }
  expect((await owner("GET", `/api/assets/${one}`)).status).toBe(404);

  expect((await owner("DELETE", `/api/assets/${one}`)).status).toBe(200);
  expect((await owner("DELETE", bySource)).json).toEqual({ deleted: 1, asset_ids: [two] });
  expect([await served(one), await served(two)]).toEqual([404, 404]);
});
