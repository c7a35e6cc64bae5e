import { t } from "elysia";
import { type PagePlace, parsePlace } from "../../assets/page.ts";
import { fieldError } from "./field-error.ts";
import { queryInteger } from "./schemas.ts";

/** Rows of one page, at most. */
const limitMax = 100;

/** `limit` of a list. */
export function limitQuery(limitDefault: number) {
  const description = `${limitDefault} when not given`;
  return t.Optional(queryInteger("limit", { minimum: 1, maximum: limitMax, description }));
}

/** `limit` and `cursor` of a list. */
export function pageQuery(limitDefault: number) {
  return {
    limit: limitQuery(limitDefault),
    cursor: t.Optional(t.String({ maxLength: 400, description: "`next_cursor` of the last page" })),
  };
}

export const nextCursor = t.Nullable(t.String({ description: "Null on the last page" }));

/** Where a page begins. @throws AppError `invalid_request` for a cursor that we never gave out. */
export function placeOf(cursor: string | undefined): PagePlace | undefined {
  if (cursor === undefined) return undefined;
  const place = parsePlace(cursor);
  if (!place) throw fieldError("cursor", "Expected the next_cursor of the page before");
  return place;
}
