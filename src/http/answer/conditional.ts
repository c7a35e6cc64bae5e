import type { ByteRange } from "../../storage/storage.ts";
import { parseHttpDate } from "./http-date.ts";

/** What a conditional or a range is decided by. */
export interface Representation {
  /** A strong entity tag with its quotes. */
  readonly etag: string;
  /** Unix milliseconds; only whole seconds count. */
  readonly lastModifiedMs: number;
  readonly sizeBytes: number;
}

/** What of a representation answers a request. */
export type Selection =
  | { readonly status: 200 | 304 | 412 | 416 }
  | { readonly status: 206; readonly range: ByteRange };

/**
 * Evaluates the conditional and range headers of a GET or HEAD request in the order of RFC 9110
 * §13.2.2. A range that cannot be understood, or several of them, are answered with the whole.
 */
export function selectRepresentation(
  request: Pick<Request, "method" | "headers">,
  representation: Representation,
  nowMs: number,
): Selection {
  const { headers } = request;
  if (failsPrecondition(headers, representation)) return { status: 412 };
  if (isNotModified(headers, representation)) return { status: 304 };
  const range = headers.get("range");
  if (range === null || request.method !== "GET") return { status: 200 };
  if (!isRangeWanted(headers.get("if-range"), representation, nowMs)) return { status: 200 };
  return selectRange(range, representation.sizeBytes);
}

/** If-Match, or else If-Unmodified-Since (steps 1 and 2). */
function failsPrecondition(headers: Headers, { etag, lastModifiedMs }: Representation): boolean {
  const ifMatch = headers.get("if-match");
  if (ifMatch !== null) return !listsTag(ifMatch, etag, "strong");
  const since = parseHttpDate(headers.get("if-unmodified-since"));
  return since !== undefined && wholeSeconds(lastModifiedMs) > since;
}

/** If-None-Match, or else If-Modified-Since (steps 3 and 4). */
function isNotModified(headers: Headers, { etag, lastModifiedMs }: Representation): boolean {
  const ifNoneMatch = headers.get("if-none-match");
  if (ifNoneMatch !== null) return listsTag(ifNoneMatch, etag, "weak");
  const since = parseHttpDate(headers.get("if-modified-since"));
  return since !== undefined && wholeSeconds(lastModifiedMs) <= since;
}

/**
 * If-Range (step 5): the same strong tag, or the exact date of a last change that was at least a
 * second ago, for only then is a date a strong validator (§8.8.2.2).
 */
function isRangeWanted(
  ifRange: string | null,
  { etag, lastModifiedMs }: Representation,
  nowMs: number,
): boolean {
  if (ifRange === null) return true;
  if (ifRange.includes('"')) return ifRange.trim() === etag;
  const modified = wholeSeconds(lastModifiedMs);
  return parseHttpDate(ifRange) === modified && nowMs - modified >= 1000;
}

/** One range of the form `first-last`, `first-` or `-length` (§14.1.2). */
function selectRange(header: string, sizeBytes: number): Selection {
  const parts = /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header);
  const first = parts?.[1] ?? "";
  const last = parts?.[2] ?? "";
  if (first === "" && last === "") return { status: 200 };
  if (first === "") {
    const length = Math.min(Number(last), sizeBytes);
    if (length === 0) return { status: 416 };
    return { status: 206, range: { start: sizeBytes - length, end: sizeBytes - 1 } };
  }
  if (last !== "" && Number(last) < Number(first)) return { status: 200 };
  if (Number(first) >= sizeBytes) return { status: 416 };
  const end = last === "" ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  return { status: 206, range: { start: Number(first), end } };
}

/** Whether a list of entity tags, or `*`, holds `etag`. A weak tag never matches strongly. */
export function listsTag(list: string, etag: string, comparison: "strong" | "weak"): boolean {
  if ((list === etag && !isWeak(etag)) || list.trim() === "*") return true;
  const tags: readonly string[] = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  if (comparison === "strong") return !isWeak(etag) && tags.includes(etag);
  return tags.some((tag) => opaqueOf(tag) === opaqueOf(etag));
}

function isWeak(etag: string): boolean {
  return etag.startsWith("W/");
}

function opaqueOf(etag: string): string {
  return isWeak(etag) ? etag.slice("W/".length) : etag;
}

function wholeSeconds(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
