import fc from "fast-check";
import type { Json, JsonObject } from "../../src/http/reference/open-api.ts";

/** Values for fields that a schema alone cannot make sense of, by the field's name. */
export type Known = Readonly<Record<string, fc.Arbitrary<Json>>>;

const itemsMore = 3;
const lengthMax = 40;

/** Values that a JSON Schema allows, as far as our document uses it. */
export function valuesOf(schema: JsonObject, known: Known): fc.Arbitrary<Json> {
  if (schema["const"] !== undefined) return fc.constant(schema["const"]);
  const choices = schema["enum"];
  if (isList(choices)) return fc.constantFrom(...choices);
  const either = schema["anyOf"] ?? schema["oneOf"];
  if (isList(either)) return fc.oneof(...either.map((one) => valuesOf(objectOf(one), known)));
  const types = isList(schema["type"]) ? schema["type"] : [schema["type"] ?? "object"];
  return fc.oneof(...types.map((type) => ofType(String(type), schema, known)));
}

function ofType(type: string, schema: JsonObject, known: Known): fc.Arbitrary<Json> {
  const min = Number(schema["minimum"] ?? -1e6);
  const max = Number(schema["maximum"] ?? 1e6);
  switch (type) {
    case "object":
      return objects(schema, known);
    case "array":
      return arrays(schema, known);
    case "integer":
      return fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) });
    case "number":
      return fc.double({ min, max, noNaN: true });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return texts(schema);
  }
}

function objects(schema: JsonObject, known: Known): fc.Arbitrary<Json> {
  const properties = Object.entries(objectOf(schema["properties"]));
  const requiredKeys = isList(schema["required"]) ? schema["required"].map(String) : [];
  const model = properties.map(
    ([name, value]) => [name, known[name] ?? valuesOf(objectOf(value), known)] as const,
  );
  return fc.record(Object.fromEntries(model), { requiredKeys, noNullPrototype: true });
}

function arrays(schema: JsonObject, known: Known): fc.Arbitrary<Json> {
  const minLength = Number(schema["minItems"] ?? 0);
  const maxLength = Math.min(Number(schema["maxItems"] ?? 100), minLength + itemsMore);
  const items = valuesOf(objectOf(schema["items"]), known);
  return schema["uniqueItems"] === true
    ? fc.uniqueArray(items, { minLength, maxLength })
    : fc.array(items, { minLength, maxLength });
}

function texts(schema: JsonObject): fc.Arbitrary<string> {
  const minLength = Number(schema["minLength"] ?? 0);
  const maxLength = Math.min(Number(schema["maxLength"] ?? 100), minLength + lengthMax);
  const { pattern } = schema;
  if (typeof pattern !== "string") return fc.string({ unit: "grapheme", minLength, maxLength });
  const fits = (text: string) => text.length >= minLength && text.length <= maxLength;
  return fc.stringMatching(new RegExp(pattern), { size: "-1" }).filter(fits);
}

/** Text that nobody expects. */
export const oddTexts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }).map((text) => text.toWellFormed()),
  fc.constantFrom(
    ...["", " ", ".", "..", "../../etc/passwd", "%00", "\u0000", "%zz", "%c0%af", "null", "NaN"],
    ...["-1", "0", "1e400", "99999999999999999999", "0x10", "1.5", "true", "[]", "{}", "undefined"],
    ...[
      "__proto__",
      "constructor",
      "toString",
      "'; --",
      "<b>",
      "\u202e",
      "\ufeff",
      "😀",
      "e\u0301",
    ],
    ..."x".repeat(3000).split(" "),
  ),
);

/** JSON that nobody expects. */
export const oddValues: fc.Arbitrary<Json> = fc.oneof(
  oddTexts,
  fc.constantFrom<Json>(null, true, -1, 0, 1.5, 2 ** 53, 1e300, -0, [], {}, [[]], { a: { b: 1 } }),
  fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json),
);

/** The same JSON with one thing wrong with it. */
export function spoilt(value: fc.Arbitrary<Json>): fc.Arbitrary<Json> {
  return fc
    .tuple(value, fc.nat(), fc.nat(4), oddTexts, oddValues)
    .map(([whole, at, how, name, odd]) => {
      if (typeof whole !== "object" || whole === null || isList(whole)) return odd;
      const names = Object.keys(whole);
      const one = names[at % Math.max(1, names.length)] ?? "";
      if (how === 0) return { ...whole, [name]: odd };
      if (how === 1)
        return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== one));
      if (how === 2) return [whole];
      return { ...whole, [one]: odd };
    });
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === "object" && value !== null && !isList(value) ? (value as JsonObject) : {};
}
