/** Where a page of a list ends: the next begins behind it. Newest first, the id among equals. */
export interface PagePlace {
  readonly createdAt: number;
  readonly id: string;
}

/** As a cursor: opaque to callers, stable while rows come and go. */
export function encodePlace({ createdAt, id }: PagePlace): string {
  return Buffer.from(`${createdAt}:${id}`).toString("base64url");
}

/** The place that a cursor names, or undefined when we never gave it out. */
export function parsePlace(cursor: string): PagePlace | undefined {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  const parts = /^(\d{1,16}):([\w/.-]{1,200})$/.exec(text);
  if (!parts?.[1] || !parts[2]) return undefined;
  const place = { createdAt: Number(parts[1]), id: parts[2] };
  return encodePlace(place) === cursor ? place : undefined;
}
