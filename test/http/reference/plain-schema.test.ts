import { expect, test } from "bun:test";
import { t } from "elysia";
import type { JsonObject } from "../../../src/http/reference/open-api.ts";
import { plainSchema } from "../../../src/http/reference/plain-schema.ts";

const plain = (schema: object) => plainSchema(JSON.parse(JSON.stringify(schema)) as JsonObject);

test("a number that a query gives as digits is a number", () => {
  expect(plain(t.Integer({ minimum: 1, maximum: 100 }))).toEqual({
    type: "integer",
    minimum: 1,
    maximum: 100,
  });
});

test("what may be null says so in its type", () => {
  expect(plain(t.Nullable(t.String()))).toEqual({ type: ["string", "null"] });
  expect(plain(t.Nullable(t.Integer()))).toEqual({ type: ["integer", "null"] });
  expect(plain(t.Nullable(t.UnionEnum(["a", "b"])))).toEqual({
    type: ["string", "null"],
    enum: ["a", "b", null],
  });
  const read = { type: ["string", "null"], enum: ["a", "b"] };
  expect(plainSchema(read)).toEqual({ ...read, enum: ["a", "b", null] });
});

test("a choice has no default that nobody chose, and a default that was chosen stays", () => {
  expect(plain(t.UnionEnum(["a", "b"]))).toEqual({ type: "string", enum: ["a", "b"] });
  expect(plain(t.Boolean({ default: true }))).toMatchObject({ default: true });
});

test("a field may be called what the validator calls its own words", () => {
  const schema = t.Object({ error: t.String({ error: "no text" }), nullable: t.Boolean() });
  expect(plain(schema)).toMatchObject({
    properties: { error: { type: "string" }, nullable: { type: "boolean" } },
  });
  expect(JSON.stringify(plain(schema))).not.toContain("no text");
});

test("it goes as deep as the schema does", () => {
  const schema = t.Object({ list: t.Array(t.Object({ n: t.Optional(t.Integer()) })) });
  expect(plain(schema)).toEqual({
    type: "object",
    required: ["list"],
    properties: {
      list: {
        type: "array",
        items: { type: "object", properties: { n: { type: "integer" } } },
      },
    },
  });
});

test("what has a name stands beside null, however the null was written", () => {
  const user = t.Object({ id: t.String() }, { title: "User" });
  const named = { title: "User", type: "object" };
  const beside = { anyOf: [named, { type: "null" }] };
  expect(plain(t.Nullable(user))).toMatchObject(beside);
  expect(plainSchema({ ...named, type: ["object", "null"] })).toEqual(beside);
});
