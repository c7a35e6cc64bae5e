import { beforeAll, describe, expect, test } from "bun:test";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { Ajv2020 } from "ajv/dist/2020.js";
import { methods, type OpenApiDocument, responseOf } from "../../../src/http/reference/open-api.ts";
import { inlineSchemas } from "../../support/inline-schemas.ts";
import { openTestServer } from "../test-server.ts";

const server = await openTestServer();
let named: OpenApiDocument;
let document: OpenApiDocument;

beforeAll(async () => {
  const response = await fetch(`http://127.0.0.1:${server.port}/api/openapi.json`);
  named = (await response.json()) as OpenApiDocument;
  document = inlineSchemas(named);
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [{ name: `${method} ${path}`, operation }] : [];
    }),
  );

describe("the document that is served", () => {
  test("passes a linter's recommended rules", async () => {
    const config = await createConfig({
      extends: ["recommended"],
      // Health has nothing to refuse, and a route that redirects has nothing else to answer.
      rules: { "operation-4xx-response": "off", "operation-2xx-response": "off" },
    });
    const problems = await lintFromString({ source: JSON.stringify(named), config });
    const told = problems.map(
      ({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`,
    );
    expect(told).toEqual([]);
  });

  test("says of every route what it is for", () => {
    const mute = operations().filter(({ operation: { summary, tags } }) => !summary || !tags?.[0]);
    expect(mute.map(({ name }) => name)).toEqual([]);
  });

  test("gives every route a name of its own that a program can carry", () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    const isMade = (id: string) => /^(get|post|put|patch|delete)(Api|V1|R2)[A-Z]/.test(id);
    expect(ids.filter((id) => !/^[a-z][a-zA-Z]+$/.test(id) || isMade(id))).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("says of every parameter what it means", () => {
    const mute = operations().flatMap(({ name, operation: { parameters = [] } }) =>
      parameters.filter(({ description }) => !description).map((one) => `${name}: ${one.name}`),
    );
    expect(mute).toEqual([]);
  });

  test("gives an example of every JSON that is sent or answered, and each fits its schema", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const problems = operations().flatMap(({ name, operation: { requestBody, responses } }) => {
      const answers = Object.entries(responses).map(
        ([status, response]) => [status, responseOf(document, response).content] as const,
      );
      const all = [["body", requestBody?.content] as const, ...answers];
      return all.flatMap(([place, content]) => {
        const json = content?.["application/json"];
        if (!json) return [];
        const fits = json.example !== undefined && ajv.validate(json.schema, json.example);
        return fits ? [] : [`${name}, ${place}: ${ajv.errorsText()}`];
      });
    });
    expect(problems).toEqual([]);
  });

  test("says that a server may lack the encoder of a form, but never of a poster", () => {
    const ofSuffix = (suffix: string) => document.paths[`/v1/{projectKey}/{source}.${suffix}`]?.get;
    for (const suffix of ["mp4", "webp", "avif", "gif"]) {
      expect(ofSuffix(suffix)?.responses).toHaveProperty("501");
    }
    expect(ofSuffix("jpg")?.responses).not.toHaveProperty("501");
  });

  test("knows every tag that a route has", () => {
    const known = document.tags.map(({ name }) => name);
    const used = new Set(operations().flatMap(({ operation }) => operation.tags ?? []));
    expect([...used].filter((tag) => !known.includes(tag))).toEqual([]);
  });

  test("refuses unknown fields in every body, and says so", () => {
    const open = operations().filter(({ operation }) => {
      const schema = operation.requestBody?.content["application/json"]?.schema;
      return schema && schema["additionalProperties"] !== false && !schema["anyOf"];
    });
    expect(open.map(({ name }) => name)).toEqual([]);
  });

  test("has no route under /api that hides from it", async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/docs`);
    const page = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    for (const { operation } of operations())
      expect(page).toContain(`id="${operation.operationId}"`);
  });
});

test.each(["/api/openapi.json", "/docs"])("%s comes packed, and not twice", async (path) => {
  const url = `http://127.0.0.1:${server.port}${path}`;
  const first = await fetch(url);
  expect(first.headers.get("content-encoding")).toBe("gzip");
  const etag = first.headers.get("etag") ?? "";
  expect((await fetch(url, { headers: { "if-none-match": etag } })).status).toBe(304);
});
