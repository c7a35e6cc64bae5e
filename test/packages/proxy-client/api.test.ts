import { describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptDocument, makeApiTypes } from "../../../build/api-types.ts";
import { createApiClient } from "../../../packages/proxy-client/src/api.ts";
import type { OpenApiDocument } from "../../../src/http/reference/open-api.ts";
import { openTestServer } from "../../http/test-server.ts";
import { keyHeaders } from "../../support/sign-in.ts";
import { smallPicture } from "../../support/small-picture.ts";

const server = await openTestServer();
const baseUrl = `http://127.0.0.1:${server.port}`;
const { Authorization } = await keyHeaders(server.store, server.ownerId);
const apiKey = Authorization.replace("Bearer ", "");
const client = createApiClient({ baseUrl, apiKey });
const root = join(import.meta.dir, "../../..");

describe("createApiClient", () => {
  test("calls what the compiler has checked, and returns its JSON", async () => {
    const { project } = await client.call("post", "/api/projects", { body: { name: "Acme" } });
    const path = { id: project.id };
    expect((await client.call("get", "/api/projects/{id}", { path })).project.name).toBe("Acme");
    const { assets } = await client.call("get", "/api/projects/{id}/assets", {
      path,
      query: { limit: 10 },
    });
    expect(assets).toEqual([]);
  });

  test("throws a refusal with all that it says", async () => {
    const refused = client.call("get", "/api/projects/{id}", { path: { id: "proj_none" } });
    await expect(refused).rejects.toMatchObject({
      code: "http",
      status: 404,
      message: "Project not found",
      requestId: expect.stringMatching(/^req_/),
    });
  });

  test("wants no request where nothing has to be said, and takes a form where a file is", async () => {
    expect((await client.call("get", "/api/user/me")).plan).toBe("unlimited");
    const body = new FormData();
    const picture = await smallPicture();
    body.append("file", new Blob([picture], { type: "image/png" }), "a.png");
    expect((await client.call("post", "/api/v1/upload", { body })).url).toContain("/uploads/");
  });

  test("says when there is no server, or another one", async () => {
    const other = Bun.serve({ port: 0, fetch: () => new Response("<p>") });
    const call = () =>
      createApiClient({ baseUrl: other.url.href }).call("get", "/api/user/session");
    await expect(call()).rejects.toMatchObject({ code: "http", status: 200 });
    await other.stop(true);
    await expect(call()).rejects.toMatchObject({ code: "network" });
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(client.call("get", "/api/user/me", { signal })).rejects.toThrow("enough");
  });

  test("refuses to leave a hole in a path", async () => {
    // @ts-expect-error: the compiler refuses it, too.
    const call = () => client.call("get", "/api/projects/{id}", { path: {} });
    await expect(call()).rejects.toThrow("needs a value for id");
  });
});

test("the types, and the document in docs, are those that this server serves", async () => {
  const folder = await mkdtemp(join(tmpdir(), "motioness-test-"));
  try {
    const served = await fetch(`${baseUrl}/api/openapi.json`);
    const document = (await served.json()) as OpenApiDocument;
    const kept = await Bun.file(join(root, "docs/openapi.json")).json();
    expect(keptDocument(document)).toEqual(kept);
    const made = join(folder, "openapi.ts");
    await Bun.write(made, makeApiTypes(document));
    const biome = join(root, "node_modules/.bin/biome");
    const options = ["format", "--write", "--config-path", root, "--vcs-enabled=false", made];
    const argv = [process.execPath, "--bun", biome, ...options];
    expect(await Bun.spawn(argv, { cwd: folder, stdout: "ignore" }).exited).toBe(0);
    const types = await Bun.file(join(root, "packages/proxy-client/src/openapi.ts")).text();
    expect(await Bun.file(made).text()).toBe(types);
  } finally {
    await rm(folder, { recursive: true });
  }
});
