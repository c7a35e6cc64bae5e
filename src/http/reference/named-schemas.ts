import type { Json, JsonObject, OpenApiDocument } from "./open-api.ts";

/**
 * Gives the schemas that have a title one place each, `components.schemas`, and puts references
 * where they stood: a client made of the document then has a type for a project, and not one for
 * every route that answers with it.
 * @throws Error when one title names two things.
 */
export function nameSchemas(document: OpenApiDocument): OpenApiDocument {
  const schemas: Schemas = {};
  const { paths } = document;
  const named = nameWithin(paths as unknown as JsonObject, schemas);
  return {
    ...document,
    paths: named as unknown as OpenApiDocument["paths"],
    components: { ...document.components, schemas },
  };
}

/** What is in these are values, and a value that has a `title` is no schema of that name. */
const valueKeys: readonly string[] = ["example", "examples", "default", "const", "enum"];

type Schemas = Record<string, JsonObject>;

/** @param areFields whether the keys are names of fields, and none of JSON Schema's own. */
function nameWithin(value: JsonObject, schemas: Schemas, areFields = false): JsonObject {
  const entries = Object.entries(value).map(([key, inner]) => {
    if (!areFields && valueKeys.includes(key)) return [key, inner] as const;
    return [key, name(inner, schemas, !areFields && key === "properties")] as const;
  });
  return Object.fromEntries(entries);
}

function name(value: Json | undefined, schemas: Schemas, areFields = false): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => name(item, schemas) ?? null);
  if (typeof value !== "object" || value === null) return value;
  const { title, ...schema } = nameWithin(value as JsonObject, schemas, areFields);
  // A field may be called `title`, and then it is a schema.
  if (typeof title !== "string") return title === undefined ? schema : { ...schema, title };
  const known = schemas[title];
  if (known && !Bun.deepEquals(known, schema, true)) {
    throw new Error(`the schema ${title} is not the same everywhere`);
  }
  schemas[title] ??= schema;
  return { $ref: `#/components/schemas/${title}` };
}
