import { AppError } from "../../errors.ts";
import { type ProxyOptions, parseProxyOptions } from "./proxy-options.ts";

/** The longest path of a proxy URL as it was sent, in characters. */
export const pathLengthMax = 4096;

/** The last suffixes: the clip, its poster, and the animated images that are made of it. */
export const formats = ["mp4", "jpg", "webp", "avif", "gif"] as const;
export type Format = (typeof formats)[number];

/** A proxy URL taken apart, before anything is known of its project. */
export interface ProxyUrl {
  readonly projectKey: string;
  /** What stands between key and format, percent-decoded. */
  readonly source: string;
  readonly format: Format;
  readonly options: ProxyOptions;
}

/**
 * Takes a proxy URL apart: `/v1/{projectKey}/{source}.{format}?{options}`. This is the one place
 * where a source is percent-decoded, and it happens once.
 * @param target the path with its query, as it was sent.
 * @throws AppError `malformed_url`; `unknown_project_key` for what could not be a key.
 */
export function parseProxyUrl(target: string): ProxyUrl {
  if (target.includes("#")) throw malformed("a # does not belong here; write %23");
  const split = target.includes("?") ? target.indexOf("?") : target.length;
  const path = target.slice(0, split);
  if (path.length > pathLengthMax) {
    throw malformed(`the path has ${path.length} characters, at most ${pathLengthMax} are allowed`);
  }
  const parts = /^\/v1\/([^/]*)\/(.*)\.([^./]*)$/.exec(path);
  const format = formats.find((candidate) => candidate === parts?.[3]);
  if (!parts?.[2] || !format) {
    throw malformed(
      "expected /v1/{projectKey}/{source}.mp4, or .jpg for the poster, " +
        "or .webp, .avif or .gif for an animated image",
    );
  }
  const options = parseProxyOptions(target.slice(split + 1));
  if (options.w !== undefined && format !== "jpg") throw malformed("w is for posters (.jpg) only");
  if (options.format !== undefined && format !== "mp4") {
    throw malformed("format is for clips (.mp4) only");
  }
  return {
    projectKey: parseProjectKey(parts[1] ?? ""),
    source: decodeSource(parts[2]),
    format,
    options,
  };
}

/** @throws AppError `unknown_project_key` for what could not be one. */
export function parseProjectKey(text: string): string {
  if (/^pk_[A-Za-z0-9]{1,64}$/.test(text)) return text;
  throw new AppError("unknown_project_key", "unknown project key");
}

function decodeSource(encoded: string): string {
  let source: string;
  try {
    source = decodeURIComponent(encoded);
  } catch (cause) {
    throw malformed("the source is not percent-encoded UTF-8", cause);
  }
  // A URL parser drops tabs and line feeds, so two spellings would become one source.
  if (/\p{Cc}/u.test(source)) throw malformed("the source holds a control character");
  return source;
}

function malformed(why: string, cause?: unknown): AppError {
  return new AppError("malformed_url", `malformed proxy URL: ${why}`, { cause });
}
