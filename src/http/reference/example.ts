import { fieldExamples } from "./field-examples.ts";
import type { Json, JsonObject } from "./open-api.ts";

const depthMax = 12;

/** Where in the API a schema stands. */
export interface ExamplePlace {
  /** Of the field whose value is meant. */
  readonly name?: string | undefined;
  /** Of what it is a field of. */
  readonly title?: string | undefined;
  /** Whether fields are shown that may be left out, too. */
  readonly isWhole?: boolean;
}

/**
 * A value that a schema allows: its own example where it has one, else one that fits its field's
 * name, else the plainest.
 */
export function exampleOf(schema: JsonObject, place: ExamplePlace = {}, depth = 0): Json {
  if (depth > depthMax) return null;
  const own = ownExample(schema) ?? namedExample(schema, place);
  if (own !== undefined) return own;
  const { anyOf, oneOf } = schema;
  const choices = schema["enum"] ?? anyOf ?? oneOf;
  if (Array.isArray(choices)) {
    const [first = null] = choices;
    return schema["enum"] ? first : exampleOf(asObject(first), place, depth + 1);
  }
  return plainest(schema, place, depth);
}

function ownExample({ example, examples, ...schema }: JsonObject): Json | undefined {
  const [first] = Array.isArray(examples) ? examples : [];
  return example ?? first ?? schema["const"] ?? schema["default"];
}

/** Of simple values only: what has fields is made of theirs. */
function namedExample(
  { type, anyOf }: JsonObject,
  { name = "", title }: ExamplePlace,
): Json | undefined {
  const isCompound = type === "array" || type === "object" || anyOf !== undefined;
  if (isCompound) return undefined;
  return fieldExamples[`${title}.${name}`] ?? fieldExamples[name];
}

function plainest(schema: JsonObject, place: ExamplePlace, depth: number): Json {
  const type = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"];
  switch (type) {
    case "object":
      return exampleObject(schema, place, depth);
    case "array":
      return [exampleOf(asObject(schema["items"] ?? {}), place, depth + 1)];
    case "integer":
    case "number":
      return schema["minimum"] ?? 1;
    case "boolean":
      return true;
    case "string":
      return exampleText(schema);
    default:
      return null;
  }
}

/** What must be there, or everything when nothing must. */
function exampleObject(schema: JsonObject, { isWhole = false }: ExamplePlace, depth: number): Json {
  const properties = Object.entries(asObject(schema["properties"] ?? {}));
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const isAll = isWhole || required.length === 0;
  const title = typeof schema["title"] === "string" ? schema["title"] : undefined;
  const shown = properties.filter(([name]) => isAll || required.includes(name));
  return Object.fromEntries(
    shown.map(([name, value]) => {
      const place = { name, title, isWhole };
      return [name, exampleOf(asObject(value ?? {}), place, depth + 1)];
    }),
  );
}

const formats: Readonly<Record<string, string>> = {
  email: "ada@acme.com",
  uri: "https://cdn.acme.com/hero.png",
  "date-time": "2026-11-21T12:00:00.000Z",
};

function exampleText({ format, minLength }: JsonObject): string {
  return formats[`${format}`] ?? "text".padEnd(Number(minLength ?? 0), "x");
}

function asObject(value: Json): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : {};
}
