import type { Json, JsonObject, OpenApiDocument } from "./open-api.ts";

/**
 * Gives the schemas that have a title one place each, `components.schemas`, and puts references
 * where they stood: a client made of the document then has a type for a project, and not one for
 * every route that answers with it.
 * @throws Error when one title names two things.
 */
export function nameSchemas(document: OpenApiDocument): OpenApiDocument {
  const schemas: Record<string, JsonObject> = {};
  const { paths } = document;
  const named = nameWithin(paths as unknown as JsonObject, schemas);
  return {
    ...document,
    paths: named as unknown as OpenApiDocument["paths"],
    components: { ...document.components, schemas },
  };
}

function nameWithin(value: JsonObject, schemas: Record<string, JsonObject>): JsonObject {
  const entries = Object.entries(value).map(([key, inner]) => [key, name(inner, schemas)] as const);
  return Object.fromEntries(entries);
}

function name(value: Json | undefined, schemas: Record<string, JsonObject>): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => name(item, schemas) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const { title, ...schema } = nameWithin(value as JsonObject, schemas);
  // A field may be called `title`, and then it is a schema.
  if (typeof title !== "string") return title === undefined ? schema : { ...schema, title };
  const known = schemas[title];
  if (known && !Bun.deepEquals(known, schema, true)) {
    throw new Error(`the schema ${title} is not the same everywhere`);
  }
  schemas[title] ??= schema;
  return { $ref: `#/components/schemas/${title}` };
}
