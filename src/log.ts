import pino from "pino";

/** What others take: one line per thing that happened, the message first, facts as fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Put what was thrown under `error`: its stack, code and causes are written out. */
  error(message: string, fields?: LogFields): void;
  /** A log that adds `fields` to each of its lines. */
  with(fields: LogFields): Log;
}

export type LogFields = Readonly<Record<string, unknown>>;

export const logLevels = ["debug", "info", "warn", "error", "silent"] as const;
export const logFormats = ["auto", "json", "text"] as const;

export interface LogConfig {
  readonly level: (typeof logLevels)[number];
  /** `auto` is text on a terminal and JSON lines anywhere else. */
  readonly format: (typeof logFormats)[number];
}

export interface LogDeps {
  /** Takes one line with its line feed. */
  readonly write: (line: string) => void;
  readonly isTerminal: boolean;
  readonly now: () => number;
  /** Values that no line may hold, wherever they come from. */
  readonly secrets?: readonly string[];
}

/** A log over pino, in this process: its transports would need files beside the executable. */
export function createLog(config: LogConfig, deps: LogDeps): Log {
  const isText = isTextLog(config, deps.isTerminal);
  const mask = createMask(deps.secrets ?? []);
  const logger = pino(
    {
      level: config.level,
      base: null,
      timestamp: () => `,"time":"${new Date(deps.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      redact: { paths: redactedPaths, censor: "[redacted]" },
    },
    { write: (line) => deps.write(mask(isText ? readable(line) : line)) },
  );
  return wrap(logger);
}

/** Whether the log is written for a person. */
export function isTextLog({ format }: LogConfig, isTerminal: boolean): boolean {
  return format === "auto" ? isTerminal : format === "text";
}

/** Names of fields that never carry anything fit to be read, here and one level below. */
const redactedNames = ["secret", "password", "token", "apiKey", "authorization", "cookie"];
const redactedPaths = redactedNames.flatMap((name) => [name, `*.${name}`]);

/** Shorter values are no secrets but words: masking them would eat the log. */
const secretLengthMin = 6;

function wrap(logger: pino.Logger): Log {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    with: (fields) => wrap(logger.child(fields)),
  };
}

function describeError(thrown: unknown): unknown {
  return thrown instanceof Error ? pino.stdSerializers.errWithCause(thrown) : thrown;
}

/**
 * The last pass over a finished line. A signed URL is a bearer token for as long as it lives, and
 * URLs reach the log in many ways: inside messages, fields and the texts of foreign errors.
 */
function createMask(secrets: readonly string[]): (line: string) => string {
  const values = secrets
    .filter((secret) => secret.length >= secretLengthMin)
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => {
    const masked = line.replace(/\b(sig|token)=[\w%+/=.-]+/gi, "$1=[redacted]");
    return values.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), masked);
  };
}

/** A JSON line as a person reads it: clock, level where it matters, message, facts. */
function readable(line: string): string {
  const { time, level, msg, error, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clock = String(time).slice(11, 19);
  const label = level === "info" ? "" : `${String(level).toUpperCase()} `;
  const facts = Object.entries(fields).map(([name, value]) => ` ${name}=${shown(value)}`);
  const stack = error === undefined ? "" : `\n${indent(stackOf(error))}`;
  return `${clock} ${label}${String(msg)}${facts.join("")}${stack}\n`;
}

function shown(value: unknown): string {
  if (typeof value === "string" && !/[\s"=]/.test(value)) return value;
  return JSON.stringify(value);
}

function stackOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const { stack, message } = error as { readonly stack?: unknown; readonly message?: unknown };
  return String(stack ?? message ?? JSON.stringify(error));
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
