import { decodeBase64Url, encodeBase64Url } from "./base64.ts";
import { invalidArgument } from "./error.ts";

export type Motion = "subtle" | "medium" | "kinetic";
export type Mode = "loop" | "animate-in" | "animate-on-hover";
export type Aspect = "1:1" | "16:9" | "9:16" | "preserve";
/** `jpg` is the poster; the moving pictures besides `mp4` are made from the same clip. */
export type Format = "mp4" | "jpg" | "webp" | "avif" | "gif";

export interface ProxyUrlOptions {
  /** Of the server, `https://motion.example`; a path is kept. */
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
  if (!/^pk_\w+$/.test(projectKey)) throw invalidArgument("projectKey must look like pk_…");
  if (!formats.includes(format)) throw invalidArgument(`format must be ${formats.join(", ")}`);
  const isSigned = options.signed ?? options.sig !== undefined;
  const source = isSigned ? encodeBase64Url(checkSource(options.src)) : plainSource(options.src);
  const base = (options.baseUrl ?? defaultBaseUrl).replace(/\/+$/, "");
  const path = `/v1/${projectKey}/${source}.${format}`;
  if (path.length > pathLengthMax) {
    throw invalidArgument(`the path has ${path.length} characters, at most ${pathLengthMax}`);
  }
  const query = queryOf(options);
  return query === "" ? base + path : `${base}${path}?${query}`;
}

/** The poster of the same source and options. It costs nothing and is there at once. */
export function posterUrl(options: Omit<ProxyUrlOptions, "format">): string {
  return buildProxyUrl({ ...options, format: "jpg" });
}

/**
 * Takes a proxy URL apart again.
 * @throws MotionessError `invalid_argument` when it is none.
 */
export function parseProxyUrl(text: string): ParsedProxyUrl {
  const parts = /^(https?:\/\/[^?#]*?)\/v1\/(pk_\w+)\/([^?#]+)\.(\w+)(?:\?([^#]*))?$/.exec(text);
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
    src: signed ? decodeBase64Url(source) : `https://${decodeURIComponent(source)}`,
    ...optionsOf(parameters),
  };
}

/** Names of the options that are query parameters, by their names there. */
const textParameters = {
  motion: "motion",
  mode: "mode",
  prompt: "prompt",
  aspect: "aspect",
  idem: "idem",
  sig: "sig",
} as const;
const numberParameters = { dur: "dur", seed: "seed", wait_ms: "waitMs", exp: "exp" } as const;

function queryOf(options: ProxyUrlOptions): string {
  const query = new URLSearchParams();
  for (const [name, key] of Object.entries({ ...textParameters, ...numberParameters })) {
    const value = options[key as keyof ProxyUrlOptions];
    if (value !== undefined) query.set(name, String(value));
  }
  return query.toString();
}

function optionsOf(query: URLSearchParams): Omit<ProxyUrlOptions, "projectKey" | "src"> {
  const options: Record<string, string | number> = {};
  for (const [name, key] of Object.entries(textParameters)) {
    const value = query.get(name);
    if (value !== null) options[key] = value;
  }
  for (const [name, key] of Object.entries(numberParameters)) {
    const value = query.get(name);
    if (value !== null) options[key] = Number(value);
  }
  return options;
}

function checkSource(src: string): string {
  if (!/^https?:\/\/[^/]/.test(src)) {
    throw invalidArgument("src must be a full URL that begins with https:// or http://");
  }
  if (src.includes("#")) throw invalidArgument("src must not have a fragment (#…)");
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
