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
  const error = `Expected one of ${words.join(", ")}`;
  const schema = t.UnionEnum([...words] as unknown as [...T], { error, ...options });
  Reflect.deleteProperty(schema, "default");
  return schema;
}

/**
 * A whole number in a query. The framework reports one that is out of bounds without the name of
 * its field, so the schema carries it.
 */
export function queryInteger(
  field: string,
  bounds: { readonly minimum: number; readonly maximum: number; readonly description?: string },
) {
  const { minimum, maximum } = bounds;
  const error = `Expected a whole number from ${minimum} to ${maximum}`;
  return t.Integer({ ...bounds, error, field });
}

/** Bytes of one content type, for the description of a route that answers with them. */
export function bytesOf(contentType: string, description: string) {
  const schema = { type: "string", format: "binary" } as const;
  return { description, content: { [contentType]: { schema } } };
}
