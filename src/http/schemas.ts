import { t } from "elysia";

/** The one shape of every error. */
export const errorBody = t.Object(
  { error: t.String() },
  { description: "What was wrong; some errors say more beside it.", additionalProperties: true },
);

/**
 * One of some words. The framework would have the first of them stand in for an optional field
 * that is left out; here what is left out stays out.
 */
export function oneOf<const T extends readonly [string, ...string[]]>(
  words: T,
  options: { readonly error?: string; readonly description?: string } = {},
) {
  const schema = t.UnionEnum([...words] as unknown as [...T], options);
  Reflect.deleteProperty(schema, "default");
  return schema;
}

/** Bytes of one content type, for the description of a route that answers with them. */
export function bytesOf(contentType: string, description: string) {
  const schema = { type: "string", format: "binary" } as const;
  return { description, content: { [contentType]: { schema } } };
}
