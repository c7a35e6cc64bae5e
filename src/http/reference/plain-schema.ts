import type { Json, JsonObject } from "./open-api.ts";

/**
 * A validator's schema as its readers know JSON Schema: what the validator adds for itself is
 * dropped. It takes a number's digits for the number in a query, writes null in two ways, and
 * gives every choice a default that nobody chose, and keeps texts and names for errors.
 */
export function plainSchema(schema: JsonObject): JsonObject {
  const number = numberOf(schema);
  if (number) return plainSchema(number);
  const { nullable: _, $id: __, error: ___, field: ____, ...kept } = schema;
  const isChoice = Array.isArray(kept["enum"]);
  const entries = Object.entries(kept)
    .filter(([key]) => !(key === "default" && isChoice))
    .map(([key, value]) => [key, key === "properties" ? fields(value) : plain(value)] as const);
  return besideNull(listNull(flattenNull(Object.fromEntries(entries))));
}

/** What is in here are names, and any name may be given to a field. */
function fields(value: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, plain(schema)]));
}

function plain(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  return isObject(value) ? plainSchema(value) : value;
}

/** `anyOf: [digits as text, the number]` is the number. */
function numberOf(schema: JsonObject): JsonObject | undefined {
  const { anyOf } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return undefined;
  const [text, number] = anyOf;
  if (!isObject(text) || !isObject(number)) return undefined;
  const isDigits =
    text["type"] === "string" && ["integer", "numeric"].includes(`${text["format"]}`);
  if (!isDigits) return undefined;
  const { description } = schema;
  return description === undefined ? number : { ...number, description };
}

/** `anyOf: [simple, null]` is a type list, which every reader shows well. */
function flattenNull(schema: JsonObject): JsonObject {
  const { anyOf, ...rest } = schema;
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const [inner, none] = anyOf;
  if (!isObject(inner) || !isObject(none) || none["type"] !== "null") return schema;
  const { type, enum: choices, title } = inner;
  // What has a name keeps it, and stands beside null.
  if (typeof type !== "string" || title !== undefined) return schema;
  const listed = Array.isArray(choices) ? { enum: [...choices, null] } : {};
  return { ...rest, ...inner, ...listed, type: [type, "null"] };
}

/** A choice that may be null says so twice: a type alone adds nothing to a list of values. */
function listNull(schema: JsonObject): JsonObject {
  const { type, enum: choices } = schema;
  if (!Array.isArray(type) || !type.includes("null") || !Array.isArray(choices)) return schema;
  return choices.includes(null) ? schema : { ...schema, enum: [...choices, null] };
}

/** What has a name may be null in one place and not in another: the null stands beside it. */
function besideNull(schema: JsonObject): JsonObject {
  const { type, title } = schema;
  if (typeof title !== "string" || !Array.isArray(type) || type.length !== 2) return schema;
  const [own, none] = type;
  if (own === undefined || none !== "null") return schema;
  return { anyOf: [{ ...schema, type: own }, { type: "null" }] };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
