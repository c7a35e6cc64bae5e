import { describe, expect, test } from "bun:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { Elysia, t } from "elysia";
import { announcements } from "../../../src/events/announce.ts";
import { createSignedIn } from "../../../src/http/access/signed-in.ts";
import { createDocument } from "../../../src/http/reference/document.ts";
import { responseOf } from "../../../src/http/reference/open-api.ts";
import { renderReference } from "../../../src/http/reference/page.ts";

const signedIn = createSignedIn({
  contextOf: () => {
    throw new Error("nobody asks");
  },
  admit: async () => {
    throw new Error("nobody asks");
  },
});

const app = new Elysia({ normalize: false })
  .use(
    new Elysia({ normalize: false }).use(signedIn).post("/api/projects/:id/shout", () => "ok", {
      params: t.Object({ id: t.String() }),
      body: t.Object({ words: t.String({ maxLength: 80 }), times: t.Optional(t.Integer()) }),
      response: { 200: t.String() },
      detail: { summary: "Shout <loudly> & `clearly`", tags: ["Projects"] },
    }),
  )
  .use(
    new Elysia()
      .get("/healthz", () => "ok", { detail: { summary: "Alive", tags: ["Server"] } })
      .get("/page.css", () => "")
      .options("/healthz", () => "", { detail: { tags: ["Server"] } }),
  );

const deps = { app, baseUrl: "https://motion.example", version: "1.2.3" };

describe("the document", () => {
  test("describes the routes that say what they are, and no others", async () => {
    const { paths, tags, openapi } = await createDocument(deps);
    expect(openapi).toBe("3.1.1");
    expect(Object.keys(paths)).toEqual([
      "/v1/{projectKey}/{source}.mp4",
      "/v1/{projectKey}/{source}.webp",
      "/v1/{projectKey}/{source}.avif",
      "/v1/{projectKey}/{source}.gif",
      "/v1/{projectKey}/{source}.jpg",
      "/api/projects/{id}/shout",
      "/healthz",
    ]);
    expect(Object.keys(paths["/healthz"] ?? {})).toEqual(["get"]);
    expect(tags.map(({ name }) => name)).toEqual(["Proxy", "Projects", "Server"]);
  });

  test("says who may call, and what any route may answer with", async () => {
    const document = await createDocument(deps);
    const { paths } = document;
    const post = paths["/api/projects/{id}/shout"]?.post;
    expect(post?.security).toEqual([{ session: [] }, { apiKey: [] }]);
    expect(Object.keys(post?.responses ?? {})).toEqual([
      "200",
      "400",
      "401",
      "403",
      "408",
      "413",
      "415",
      "429",
      "500",
      "503",
    ]);
    expect(Object.keys(post?.requestBody?.content ?? {})).toEqual(["application/json"]);
    expect(paths["/healthz"]?.get?.security).toEqual([]);
    for (const response of Object.values(post?.responses ?? {})) {
      expect(responseOf(document, response).headers).toHaveProperty("X-Request-Id");
    }
  });

  test("gives each suffix of the proxy URL the parameters that it takes", async () => {
    const { paths } = await createDocument(deps);
    const names = (suffix: string) =>
      paths[`/v1/{projectKey}/{source}.${suffix}`]?.get?.parameters?.map(({ name }) => name);
    expect(names("mp4")).toContain("format");
    expect(names("mp4")).not.toContain("w");
    expect(names("jpg")).toContain("w");
    expect(names("gif")).not.toContain("format");
  });
});

describe("the messages", () => {
  test("are all those that can be subscribed to, and the test", async () => {
    const { webhooks } = await createDocument(deps);
    expect(Object.keys(webhooks).toSorted()).toEqual([...announcements, "asset.test"].toSorted());
  });

  test("each have an example that fits their schema", async () => {
    const ajv = new Ajv2020({ strict: false });
    const { webhooks } = await createDocument(deps);
    for (const [type, item] of Object.entries(webhooks)) {
      const { schema = {}, example } = item.post?.requestBody?.content["application/json"] ?? {};
      const isValid = ajv.validate(schema, example);
      expect([type, isValid, ajv.errorsText()]).toEqual([type, true, "No errors"]);
    }
  });

  test("tell of a test that is about no asset", async () => {
    const { webhooks } = await createDocument(deps);
    const { example } =
      webhooks["asset.test"]?.post?.requestBody?.content["application/json"] ?? {};
    expect(example).toHaveProperty("asset_id", null);
  });
});

describe("the page", () => {
  test("holds every operation, escaped, with a command to try it", async () => {
    const page = renderReference(await createDocument(deps));
    expect(page).toContain("Shout &lt;loudly&gt; &amp;");
    expect(page).toContain("curl -X POST");
    expect(page).toContain("words: string (0 to 80 characters)");
    expect(page).toContain(`-d &#39;`.replaceAll("&#39;", "'"));
    expect(page.match(/<details class="operation">/g)).toHaveLength(7 + 6);
  });

  test("asks nobody for anything", async () => {
    const page = renderReference(await createDocument(deps));
    expect(page).not.toMatch(
      /<script |<link|<img|@import|url\(|\bfetch\(|https?:\/\/(?!motion\.example|cdn\.acme\.com)/,
    );
  });
});
