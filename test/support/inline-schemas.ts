import type { Json, JsonObject, OpenApiDocument } from "../../src/http/reference/open-api.ts";

/** The document with each schema where it is used, for readers that follow no references. */
export function inlineSchemas(document: OpenApiDocument): OpenApiDocument {
  const schemas = document.components.schemas ?? {};
  const inline = (value: Json | undefined): Json | undefined => {
    if (Array.isArray(value)) return value.map((item) => inline(item) ?? null);
    if (typeof value !== "object" || value === null) return value;
    const { $ref } = value as JsonObject;
    const name = typeof $ref === "string" && /^#\/components\/schemas\/(\w+)$/.exec($ref)?.[1];
    if (name) return inline(schemas[name]);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inline(inner)]));
  };
  return inline(document as unknown as JsonObject) as unknown as OpenApiDocument;
}
