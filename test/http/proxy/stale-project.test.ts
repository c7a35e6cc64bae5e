import { expect, test } from "bun:test";
import { findProxyProject } from "../../../src/projects/proxy-project.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const late: { afterRead?: () => Promise<void> } = {};
const server = await openTestServer({
  async findProject(key) {
    const project = await findProxyProject(server, key);
    await late.afterRead?.();
    return project;
  },
});

/** The project takes signed URLs only from now on. */
async function enableSigning(): Promise<void> {
  await server.store.write(async (tx) => {
    await tx.query
      .updateTable("projects")
      .set({ enable_signing: 1, signing_secret: server.sealer.seal("secret") })
      .where("id", "=", server.projectId)
      .execute();
    tx.wake(`project:${server.projectId}`);
  });
}

test("what was answered by a project that changed meanwhile is not remembered", async () => {
  const url = server.url("acme.com/hero.png.mp4");
  const { headers } = await server.get(url);
  await finishClip(server, headers["x-motioness-asset-id"] ?? "");
  late.afterRead = async () => {
    delete late.afterRead;
    await enableSigning();
  };
  expect((await server.get(url)).status).toBe(200);
  expect((await server.get(url)).status).toBe(403);
});
