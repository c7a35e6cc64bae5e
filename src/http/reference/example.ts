import type { Json, JsonObject } from "./open-api.ts";

const depthMax = 12;

/** A value that a schema allows: its own example where it has one, else the plainest. */
export function exampleOf(schema: JsonObject, depth = 0): Json {
  if (depth > depthMax) return null;
  const { example, examples, anyOf, oneOf } = schema;
  if (example !== undefined) return example;
  if (Array.isArray(examples) && examples[0] !== undefined) return examples[0];
  if (schema["const"] !== undefined) return schema["const"];
  if (schema["default"] !== undefined) return schema["default"];
  const choices = schema["enum"] ?? anyOf ?? oneOf;
  if (Array.isArray(choices)) {
    const [first = null] = choices;
    return schema["enum"] ? first : exampleOf(asObject(first), depth + 1);
  }
  return plainest(schema, depth);
}

function plainest(schema: JsonObject, depth: number): Json {
  const type = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"];
  switch (type) {
    case "object":
      return exampleObject(schema, depth);
    case "array":
      return [exampleOf(asObject(schema["items"] ?? {}), depth + 1)];
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
function exampleObject(schema: JsonObject, depth: number): Json {
  const properties = Object.entries(asObject(schema["properties"] ?? {}));
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  const shown = properties.filter(([name]) => required.length === 0 || required.includes(name));
  return Object.fromEntries(
    shown.map(([name, value]) => [name, exampleOf(asObject(value ?? {}), depth + 1)]),
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
