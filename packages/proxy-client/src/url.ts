import { decodeBase64Url, encodeBase64Url } from "./base64.ts";
import { invalidArgument } from "./error.ts";

export type Motion = "subtle" | "medium" | "kinetic";
export type Mode = "loop" | "animate-in" | "animate-on-hover";
export type Aspect = "1:1" | "16:9" | "9:16" | "preserve";
/** `jpg` is the poster; the moving pictures besides `mp4` are made from the same clip. */
export type Format = "mp4" | "jpg" | "webp" | "avif" | "gif";

/** How a clip is encoded. */
export type Codec = "h264" | "av1";
/** What answers while the clip is made: 202 with JSON, the poster, or an instant preview. */
export type Pending = "json" | "poster" | "preview";

export interface ProxyUrlOptions {
  /**
   * Of the server, `https://motion.example`; a path is kept. With `""` the URL begins with `/v1/`,
   * for pages of the server itself.
   */
  readonly baseUrl?: string;
  /** The project's public key, `pk_…`. */
  readonly projectKey: string;
  /** The full URL of the source picture, http or https. */
  readonly src: string;
  readonly format?: Format;
  readonly motion?: Motion;
  readonly mode?: Mode;
  /** Whole seconds, 2 to 8. */
  readonly dur?: number;
  /** Replaces the motion prompt; at most 500 characters. */
  readonly prompt?: string;
  /** 0 to 2³¹−1. */
  readonly seed?: number;
  readonly aspect?: Aspect;
  /** Another asset from the same source. */
  readonly idem?: string;
  /** How long the answer may be held back for a clip that is being made, 0 to 10000. */
  readonly waitMs?: number;
  /** Of an mp4; `h264` when not given. */
  readonly codec?: Codec;
  /** Of a poster, in pixels: one of 64, 128, 256, 384, 512, 640, 768, 960, 1280, 1600, 1920. */
  readonly width?: number;
  /** The clip of one generation, by its `attempt_no`; its URL never means other bytes. */
  readonly version?: number;
  readonly pending?: Pending;
  /** A signature that was made elsewhere, with its `exp`. `signProxyUrl` makes both. */
  readonly sig?: string;
  /** Unix seconds. */
  readonly exp?: number;
  /** Whether the source is written as a signed project wants it; so it is when `sig` is given. */
  readonly signed?: boolean;
}

export interface ParsedProxyUrl extends Omit<ProxyUrlOptions, "src" | "baseUrl" | "format"> {
  readonly baseUrl: string;
  readonly format: Format;
  readonly signed: boolean;
  /** The full URL; of a plain source, with https, as the URL does not say. */
  readonly src: string;
}

const defaultBaseUrl = "https://motioness.com";
const formats: readonly string[] = ["mp4", "jpg", "webp", "avif", "gif"] satisfies Format[];
const sourceLengthMax = 2048;
const pathLengthMax = 4096;

/**
 * The URL under which a source is served as a clip, or as its poster (`format: "jpg"`).
 * @throws MotionessError `invalid_argument` naming the option.
 */
export function buildProxyUrl(options: ProxyUrlOptions): string {
  const { projectKey, format = "mp4" } = options;
  if (!/^pk_[A-Za-z0-9]{1,64}$/.test(projectKey)) {
    throw invalidArgument("projectKey must look like pk_…");
  }
  if (!formats.includes(format)) throw invalidArgument(`format must be ${formats.join(", ")}`);
  const isSigned = options.signed ?? options.sig !== undefined;
  const source = isSigned ? encodeBase64Url(checkSource(options.src)) : plainSource(options.src);
  const base = checkBase(options.baseUrl ?? defaultBaseUrl);
  const path = `/v1/${projectKey}/${source}.${format}`;
  if (path.length > pathLengthMax) {
    throw invalidArgument(`the path has ${path.length} characters, at most ${pathLengthMax}`);
  }
  const query = queryOf({ ...options, format });
  return query === "" ? base + path : `${base}${path}?${query}`;
}

/** The poster of the same source and options. It costs nothing and is there at once. */
export function posterUrl(options: Omit<ProxyUrlOptions, "format">): string {
  const { codec: _, ...poster } = options;
  return buildProxyUrl({ ...poster, format: "jpg" });
}

/**
 * Takes a proxy URL apart again.
 * @throws MotionessError `invalid_argument` when it is none, saying what is wrong with it.
 */
export function parseProxyUrl(text: string): ParsedProxyUrl {
  const parts = proxyUrlPattern.exec(text);
  const [, baseUrl = "", projectKey = "", source = "", format = "", query = ""] = parts ?? [];
  if (!parts || !formats.includes(format)) {
    throw invalidArgument("expected {server}/v1/{projectKey}/{source}.mp4");
  }
  const parameters = new URLSearchParams(query);
  const signed = parameters.has("sig");
  return {
    baseUrl,
    projectKey,
    format: format as Format,
    signed,
    src: signed ? signedSource(source) : readPlainSource(source),
    ...optionsOf(parameters),
  };
}

const proxyUrlPattern =
  /^((?:https?:\/\/[^?#]*?)?)\/v1\/(pk_[A-Za-z0-9]{1,64})\/([^?#]+)\.([a-z0-9]+)(?:\?([^#]*))?$/;

/** The address of a clip's event stream beside its own, or undefined for what is no proxy URL. */
export function eventsUrl(url: string, assetId: string): string | undefined {
  const [, baseUrl, projectKey] = proxyUrlPattern.exec(url) ?? [];
  return projectKey && `${baseUrl}/v1/${projectKey}/events/${assetId}`;
}

/** There is one spelling of a signed source: canonical base64url, without padding. */
function signedSource(encoded: string): string {
  try {
    const src = decodeBase64Url(encoded);
    if (encodeBase64Url(src) === encoded) return src;
  } catch {
    // Told below, as what decodes and is another spelling is.
  }
  throw invalidArgument("the path of a signed URL must be the unpadded base64url of the source");
}

function readPlainSource(encoded: string): string {
  try {
    return `https://${decodeURIComponent(encoded)}`;
  } catch {
    throw invalidArgument("the source is not percent-encoded UTF-8");
  }
}

/** Names of the options that are query parameters, by their names there. */
const textParameters = {
  motion: "motion",
  mode: "mode",
  prompt: "prompt",
  aspect: "aspect",
  idem: "idem",
  format: "codec",
  pending: "pending",
  sig: "sig",
} as const;
const numberParameters = {
  dur: "dur",
  seed: "seed",
  wait_ms: "waitMs",
  w: "width",
  v: "version",
  exp: "exp",
} as const;

function queryOf(options: ProxyUrlOptions): string {
  const { width, codec, format } = options;
  if (width !== undefined && format !== "jpg") throw invalidArgument("width is for posters only");
  if (codec !== undefined && format !== "mp4") throw invalidArgument("codec is for mp4 only");
  const query = new URLSearchParams();
  for (const [name, key] of Object.entries(textParameters)) {
    const value = options[key];
    if (value !== undefined) query.set(name, value);
  }
  for (const [name, key] of Object.entries(numberParameters)) {
    const value = options[key];
    if (value !== undefined) query.set(name, String(checkNumber(key, value)));
  }
  return query.toString();
}

function checkNumber(key: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw invalidArgument(`${key} must be a whole number`);
}

function optionsOf(query: URLSearchParams): Omit<ProxyUrlOptions, "projectKey" | "src"> {
  const options: Record<string, string | number> = {};
  for (const [name, key] of Object.entries(textParameters)) {
    const value = query.get(name);
    if (value !== null) options[key] = value;
  }
  for (const [name, key] of Object.entries(numberParameters)) {
    const value = query.get(name);
    if (value !== null) options[key] = checkNumber(key, value === "" ? Number.NaN : Number(value));
  }
  return options;
}

function checkBase(baseUrl: string): string {
  if (baseUrl === "" || /^https?:\/\/[^/?#][^?#]*$/.test(baseUrl))
    return baseUrl.replace(/\/+$/, "");
  throw invalidArgument("baseUrl must begin with https:// or http://, and have no query");
}

function checkSource(src: string): string {
  if (!/^https?:\/\/[^/]/.test(src)) {
    throw invalidArgument("src must be a full URL that begins with https:// or http://");
  }
  if (src.includes("#")) throw invalidArgument("src must not have a fragment (#…)");
  if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(src)) {
    throw invalidArgument("src holds half a character (an unpaired surrogate)");
  }
  if (src.length > sourceLengthMax) {
    throw invalidArgument(`src has ${src.length} characters, at most ${sourceLengthMax}`);
  }
  return src;
}

/**
 * A source as it stands in the path: without its scheme, which the project's allowed origin has,
 * and percent-encoded once more, so that one decoding gives back what was meant. Slashes, colons
 * and the like may stay, and make the URL one that people can read.
 */
function plainSource(src: string): string {
  const rest = checkSource(src).replace(/^https?:\/\//, "");
  return encodeURIComponent(rest).replaceAll(/%(2F|3A|40|2C|3D|24|26|2B|3B|5B|5D)/g, (encoded) =>
    decodeURIComponent(encoded),
  );
}
