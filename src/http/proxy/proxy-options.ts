import { AppError } from "../../errors.ts";
import { pendingModes } from "../../projects/proxy-project.ts";
import {
  aspects,
  durationSecondsMax,
  durationSecondsMin,
  modes,
  motions,
} from "../../scene/plan.ts";

/** The widths a poster can be asked for: a fixed list, so that nobody can fill the cache. */
export const posterWidths = [64, 128, 256, 384, 512, 640, 768, 960, 1280, 1600, 1920] as const;

/** How a clip is encoded; the first is meant when none is given. */
export const clipFormats = ["h264", "av1"] as const;

interface Parameter<T> {
  /** What a good value is, for the refusal of a bad one. */
  readonly expected: string;
  /** What it does, for the reference. */
  readonly meaning: string;
  /** Good values as JSON Schema; what it cannot say stands in `expected`. */
  readonly schema: Readonly<Record<string, string | number | readonly (string | number)[]>>;
  /** @returns undefined when the text is no good value. */
  readonly read: (text: string) => T | undefined;
}

const line = /^[^\p{Cc}]{1,500}$/u;
const name = /^[^\p{C}\p{Zl}\p{Zp}]{1,128}$/u;

/** Every query parameter of a proxy URL. One that is not here is refused. */
const parameters = {
  motion: oneOf(motions, "How strongly the picture moves; else as the project says."),
  mode: oneOf(modes, "How the clip is played; else as the project says."),
  dur: integer(durationSecondsMin, durationSecondsMax, "Seconds; else as the project says."),
  prompt: matching(line, {
    expected: "1 to 500 characters without control characters",
    meaning: "Replaces the motion prompt that is made from the picture and the brand.",
    lengthMax: 500,
  }),
  seed: integer(0, 2 ** 31 - 1, "The same seed makes the same clip."),
  aspect: oneOf(aspects, "The framing; `preserve`, the default, keeps the source's."),
  idem: matching(name, {
    expected: "1 to 128 printable characters",
    meaning: "Makes another asset of the same source and options.",
    lengthMax: 128,
  }),
  wait_ms: integer(0, 10_000, "How long the answer may be held back for a clip in the making."),
  sig: matching(/^.{1,512}$/s, {
    expected: "a signature of 64 hex digits",
    meaning: "The signature, in projects that want one.",
    lengthMax: 512,
  }),
  exp: integer(0, 1e15, "Unix seconds until when a signed URL is good."),
  v: integer(1, 1e9, "The number of one generation; then the answer never changes."),
  pending: oneOf(pendingModes, "What answers while the clip is made; else as the project says."),
  w: oneOf(posterWidths, "The width of a poster, in pixels."),
  format: oneOf(clipFormats, "How the clip of an `.mp4` URL is encoded; `h264` by default."),
} as const;

/** Each parameter as the reference shows it. */
export const proxyParameters: readonly {
  readonly name: string;
  readonly meaning: string;
  readonly schema: Parameter<unknown>["schema"];
}[] = Object.entries(parameters).map(([key, { meaning, schema }]) => ({
  name: key,
  meaning,
  schema,
}));

type Parameters = typeof parameters;

/** The parameters that were given, by their names in the URL. */
export type ProxyOptions = {
  readonly [K in keyof Parameters]?: NonNullable<ReturnType<Parameters[K]["read"]>>;
};

/**
 * Reads the query of a proxy URL, without its question mark. Values are percent-decoded once, and
 * a plus sign is a space, as in a form.
 * @throws AppError `malformed_url` for an unknown, repeated or bad parameter, naming it.
 */
export function parseProxyOptions(query: string): ProxyOptions {
  const options: Record<string, unknown> = {};
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const split = pair.includes("=") ? pair.indexOf("=") : pair.length;
    const name = decodeText(pair.slice(0, split));
    if (Object.hasOwn(options, name)) throw malformed(`the parameter ${name} is given twice`);
    options[name] = readParameter(name, decodeText(pair.slice(split + 1)));
  }
  return options;
}

/**
 * The `Idempotency-Key` header, which stands in for `idem`.
 * @throws AppError `malformed_url` when it could not be a value of `idem`.
 */
export function parseIdempotencyKey(value: string): string {
  const key = parameters.idem.read(value);
  if (key === undefined) throw malformed(`Idempotency-Key must be ${parameters.idem.expected}`);
  return key;
}

function readParameter(name: string, text: string): unknown {
  if (!Object.hasOwn(parameters, name)) {
    const known = Object.keys(parameters).join(", ");
    throw malformed(
      `there is no query parameter ${JSON.stringify(name.slice(0, 40))}; there are ${known}`,
    );
  }
  const parameter: Parameter<unknown> = parameters[name as keyof Parameters];
  const value = parameter.read(text);
  if (value === undefined) throw malformed(`${name} must be ${parameter.expected}`);
  return value;
}

function decodeText(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (cause) {
    throw malformed("the query is not percent-encoded UTF-8", cause);
  }
}

function oneOf<const T extends string | number>(
  values: readonly T[],
  meaning: string,
): Parameter<T> {
  return {
    expected: `one of ${values.join(", ")}`,
    meaning,
    schema: { type: typeof values[0] === "number" ? "integer" : "string", enum: values },
    read: (text) => values.find((value) => String(value) === text),
  };
}

/** Digits only: no sign, no exponent, no spaces, no leading zero. */
function integer(min: number, max: number, meaning: string): Parameter<number> {
  return {
    expected: `a whole number from ${min} to ${max}`,
    meaning,
    schema: { type: "integer", minimum: min, maximum: max },
    read(text) {
      if (!/^(0|[1-9]\d{0,15})$/.test(text)) return undefined;
      const value = Number(text);
      return value >= min && value <= max ? value : undefined;
    },
  };
}

interface TextRules {
  readonly expected: string;
  readonly meaning: string;
  readonly lengthMax: number;
}

function matching(pattern: RegExp, { expected, meaning, lengthMax }: TextRules): Parameter<string> {
  return {
    expected,
    meaning,
    schema: { type: "string", minLength: 1, maxLength: lengthMax },
    read: (text) => (pattern.test(text) ? text : undefined),
  };
}

function malformed(why: string, cause?: unknown): AppError {
  return new AppError("malformed_url", `malformed proxy URL: ${why}`, { cause });
}
