import { t } from "elysia";

/** The one shape of every error. */
export const errorBody = t.Object(
  { error: t.String() },
  { description: "What was wrong; some errors say more beside it.", additionalProperties: true },
);

/** Bytes of one content type, for the description of a route that answers with them. */
export function bytesOf(contentType: string, description: string) {
  const schema = { type: "string", format: "binary" } as const;
  return { description, content: { [contentType]: { schema } } };
}
