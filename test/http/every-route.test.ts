import { describe, expect, test } from "bun:test";
import kept from "../../docs/openapi.json" with { type: "json" };
import type { Json, JsonObject, OpenApiDocument } from "../../src/http/reference/open-api.ts";
import { methods } from "../../src/http/reference/open-api.ts";
import { inlineSchemas } from "../support/inline-schemas.ts";
import { createJsonClient } from "./json-client.ts";
import { roleTable } from "./role-table.ts";
import { absentTargets, addPeople, addTargets } from "./tenants.ts";
import { openTestServer } from "./test-server.ts";

const unlimited = { prepare: 1e6, regenerate: 1e6, deep_crawl: 1e6, other: 1e6, sign_in: 1e6 };
const server = await openTestServer({ config: { rateLimits: { ...unlimited, sign_up: 1e6 } } });
const people = await addPeople(server);
const targets = await addTargets(server, people);
const document = inlineSchemas(kept as unknown as OpenApiDocument);
const paths = Object.entries(document.paths);
const admin = createJsonClient(server, await people.headersOf("admin"));
const owner = createJsonClient(server, await people.headersOf("owner"));

/** A path of the document with names of nothing in it. */
function samplePath(path: string): string {
  return path.replace("{source}", "acme.com/a.png").replaceAll(/\{(\w+)\}/g, "x");
}

describe("a path knows its methods [H09]", () => {
  test.each(paths)("%s", async (path, item) => {
    const known = methods.filter((method) => item[method]).map((method) => method.toUpperCase());
    const read = known.includes("GET") ? ["HEAD"] : [];
    const allow = [...known, ...read, "OPTIONS"].sort().join(", ");
    const others = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"];
    for (const method of others.filter((other) => !known.includes(other))) {
      const answer = await server.send({ method, path: samplePath(path) });
      const { allow: allowed, "x-request-id": id } = answer.headers;
      expect([method, answer.status, allowed]).toEqual([method, 405, allow]);
      expect(id).toMatch(/^req_/);
      expect(JSON.parse(answer.body.toString())).toEqual({
        error: `${method} is not allowed here`,
      });
    }
    const asked = await server.send({ method: "OPTIONS", path: samplePath(path) });
    expect([asked.status, asked.body.length]).toEqual([204, 0]);
  });
});

describe("a body is refused for a field that nobody knows [H08]", () => {
  const taking = paths.flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const schema = item[method]?.requestBody?.content["application/json"]?.schema;
      return schema ? [[`${method.toUpperCase()} ${path}`, schema] as const] : [];
    }),
  );

  test.each(taking)("%s", async (route, schema) => {
    const row = roleTable[route];
    const [method = ""] = route.split(" ");
    const ask = route.includes("/admin/") ? admin : owner;
    const body = { ...((row?.body?.(targets) ?? {}) as object), no_such_field: 1 };
    const { status, json } = await ask(method, row?.path(targets) ?? "", body);
    expect([status, json["error"]]).toEqual([400, "Validation failed"]);
    expect(Object.keys(fieldErrors(json))).toEqual(["no_such_field"]);
    expect(openObjects(schema)).toEqual([]);
  });
});

/** Places of a schema where anything is taken. */
function openObjects(schema: JsonObject, at = "body"): string[] {
  const open = schema["properties"] !== undefined && schema["additionalProperties"] !== false;
  const inner = Object.entries(schema).flatMap(([key, value]) => {
    const parts: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
    return parts.flatMap((part) =>
      typeof part === "object" && part !== null
        ? openObjects(part as JsonObject, `${at}.${key}`)
        : [],
    );
  });
  return open ? [at, ...inner] : inner;
}

describe("a query is refused by the name of its field", () => {
  const rows = paths
    .filter(([path]) => path.startsWith("/api/"))
    .flatMap(([path, item]) =>
      methods.flatMap((method) =>
        (item[method]?.parameters ?? [])
          .filter((parameter) => parameter.in === "query")
          .flatMap(({ name, schema }) =>
            badValues(schema).map((value) => [method, path, name, value] as const),
          ),
      ),
    );

  test.each(rows)("%s %s?%s=%s", async (method, path, name, value) => {
    const route = `${method.toUpperCase()} ${path}`;
    const ask = route.includes("/admin/") ? admin : owner;
    const [bare = ""] = roleTable[route]?.path(targets).split("?") ?? [];
    const query = new URLSearchParams(neededBy(route));
    query.set(name, value);
    const { status, json } = await ask(method.toUpperCase(), `${bare}?${query}`);
    expect([status, Object.keys(fieldErrors(json))]).toEqual([400, [name]]);
    expect(fieldErrors(json)[name]?.[0]).toStartWith("Expected ");
  });
});

/** What a route does not go without. */
function neededBy(route: string): Record<string, string> {
  return route.endsWith("/keys/rotate") ? { which: "signing" } : {};
}

function badValues({ type, minimum, maximum, enum: choices, maxLength }: JsonObject): string[] {
  if (choices !== undefined) return ["nonsense", ""];
  if (type === "integer") {
    const around = [Number(minimum) - 1, Number(maximum) + 1].filter(Number.isSafeInteger);
    return ["abc", "1.5", ...around.map(String)];
  }
  return maxLength === undefined ? [] : ["x".repeat(Number(maxLength) + 1)];
}

describe("nothing that is sent becomes a header", () => {
  const injected = "%0d%0aX-Injected:%201%0d%0a%0d%0a<b>";
  const { key } = targets;
  test.each([
    `/v1/${key}/acme.com/${injected}.mp4`,
    `/v1/${key}/acme.com/a.png.mp4?idem=${injected}`,
    `/v1/${injected}/acme.com/a.png.mp4`,
    `/v1/${key}/events/${injected}`,
    `/api/user/oauth/github?invite=${injected}`,
    `/api/user/oauth/callback/github?state=${injected}&code=${injected}`,
    `/api/projects/${injected}`,
    `/r2/assets/${injected}.mp4`,
    `/${injected}`,
  ])("%s", async (path) => {
    const answer = await server.get(path, await people.headersOf("owner"));
    expect(answer.status).toBeWithin(400, 500);
    expect(answer.headers["x-injected"]).toBeUndefined();
    expect(answer.headers["content-type"]).toBe("application/json");
  });
});

describe("pages of other sites [H10]", () => {
  const origins = ["null", "https://evil.com", "https://acme.com", server.http.url];
  const absent = absentTargets();
  const open = [
    `/v1/${targets.key}/acme.com/a.png.mp4?seed=1`,
    `/v1/${absent.key}/acme.com/a.png.mp4`,
    `/r2/assets/${targets.ready}.mp4`,
    `/uploads/${targets.owner}/${targets.file}`,
  ];

  test.each(origins)("of %s may read what is public, without cookies", async (origin) => {
    for (const path of open) {
      const { headers } = await server.get(path, { Origin: origin });
      expect([path, headers["access-control-allow-origin"]]).toEqual([path, "*"]);
      // The answer is the same for all, so that caches need not tell them apart.
      expect(headers["access-control-allow-credentials"]).toBeUndefined();
    }
  });

  test.each(origins)("of %s may read nothing of the API", async (origin) => {
    const cookie = await people.headersOf("owner");
    for (const path of ["/api/user/me", `/api/projects/${targets.project}`, "/api/keys"]) {
      const read = await server.get(path, { ...cookie, Origin: origin });
      const asked = await server.send({ method: "OPTIONS", path, headers: { Origin: origin } });
      const allowed = [read, asked].map(({ headers }) => headers["access-control-allow-origin"]);
      expect([path, ...allowed]).toEqual([path, undefined, undefined]);
    }
  });
});

function fieldErrors(json: Record<string, unknown>): Record<string, readonly string[]> {
  const { details } = json as { details?: { fieldErrors?: Record<string, readonly string[]> } };
  return details?.fieldErrors ?? {};
}
