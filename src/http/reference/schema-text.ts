import type { Json, JsonObject } from "./open-api.ts";

/** No schema of ours nests deeper; a mistake must not run away. */
const depthMax = 12;

/** A schema as people write types: `{ name: string, 1 to 80 characters; dur?: 2 … 8 }`. */
export function describeSchema(schema: JsonObject, indent = ""): string {
  if (indent.length / 2 > depthMax) return "…";
  const { anyOf, oneOf, type } = schema;
  const choices = schema["enum"];
  if (schema["const"] !== undefined) return JSON.stringify(schema["const"]);
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(" | ");
  const either = anyOf ?? oneOf;
  if (Array.isArray(either)) return either.map((one) => describe(one, indent)).join(" | ");
  const types: readonly Json[] = Array.isArray(type) ? type : [type ?? "any"];
  return types.map((one) => describeType(String(one), schema, indent)).join(" | ");
}

function describe(schema: Json, indent: string): string {
  return isObject(schema) ? describeSchema(schema, indent) : "any";
}

function describeType(type: string, schema: JsonObject, indent: string): string {
  if (type === "object") return describeObject(schema, indent);
  if (type === "array")
    return `${describe(schema["items"] ?? {}, indent)}[]${sizes(schema, "Items")}`;
  if (type === "string") return `${format(schema)}${sizes(schema, "Length")}`;
  if (type === "integer" || type === "number") return `${type}${bounds(schema)}`;
  return type;
}

function describeObject(schema: JsonObject, indent: string): string {
  const properties = Object.entries(isObject(schema["properties"]) ? schema["properties"] : {});
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  if (properties.length === 0) return "object";
  const inner = `${indent}  `;
  const lines = properties.map(([name, value]) => {
    const mark = required.includes(name) ? "" : "?";
    const about = isObject(value) && value["description"] ? `  // ${value["description"]}` : "";
    return `${inner}${name}${mark}: ${describe(value ?? {}, inner)}${about}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function format(schema: JsonObject): string {
  return typeof schema["format"] === "string" ? `string (${schema["format"]})` : "string";
}

function bounds({ minimum, maximum }: JsonObject): string {
  if (minimum === undefined && maximum === undefined) return "";
  return ` ${minimum ?? ""} … ${maximum ?? ""}`.trimEnd();
}

function sizes(schema: JsonObject, of: "Items" | "Length"): string {
  const [min, max] = [schema[`min${of}`], schema[`max${of}`]];
  if (min === undefined && max === undefined) return "";
  return ` (${min ?? 0} to ${max ?? "any number of"}${of === "Items" ? "" : " characters"})`;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
