import { expect, test } from "bun:test";
import { nameSchemas } from "../../../src/http/reference/named-schemas.ts";
import type { JsonObject, OpenApiDocument } from "../../../src/http/reference/open-api.ts";
import { inlineSchemas } from "../../support/inline-schemas.ts";

const project = { title: "Project", type: "object", properties: { title: { type: "string" } } };
const other = { ...project, properties: {} };

function documentOf(...schemas: readonly JsonObject[]): OpenApiDocument {
  const content = (schema: JsonObject) => ({ "application/json": { schema } });
  const responses = Object.fromEntries(
    schemas.map((schema, index) => [200 + index, { description: "", content: content(schema) }]),
  );
  return {
    openapi: "3.1.1",
    info: {},
    servers: [],
    tags: [],
    paths: { "/a": { get: { operationId: "a", responses } } },
    webhooks: {},
    components: { securitySchemes: {}, headers: {}, responses: {} },
  };
}

test("what has a title stands in one place, and a field of that name stays a field", () => {
  const list = { type: "array", items: project };
  const named = nameSchemas(documentOf(project, list));
  const { title: _, ...schema } = project;
  expect(named.components.schemas).toEqual({ Project: schema });
  const text = JSON.stringify(named.paths);
  expect(text.match(/#\/components\/schemas\/Project/g)).toHaveLength(2);
  expect(text).not.toContain("properties");
  expect(inlineSchemas(named).paths).toEqual(
    documentOf(schema, { type: "array", items: schema }).paths,
  );
});

test("one title never names two things", () => {
  expect(() => nameSchemas(documentOf(project, other))).toThrow("Project is not the same");
});

test("an example that has a title is left as it is, and a field called example is a schema", () => {
  const sample = { type: "object", properties: { example: project }, example: { title: "Coffee" } };
  const named = nameSchemas(documentOf(sample));
  expect(Object.keys(named.components.schemas ?? {})).toEqual(["Project"]);
  expect(JSON.stringify(named.paths)).toContain('"example":{"title":"Coffee"}');
});
