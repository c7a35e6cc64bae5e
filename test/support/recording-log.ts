import type { Log, LogFields } from "../../src/log.ts";

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that prints nothing and remembers everything. */
export function createRecordingLog(
  lines: LogLine[] = [],
  bound: LogFields = {},
): Log & {
  readonly lines: readonly LogLine[];
} {
  const add =
    (level: LogLine["level"]) =>
    (message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields: { ...bound, ...fields } });
    };
  return {
    lines,
    debug: add("debug"),
    info: add("info"),
    warn: add("warn"),
    error: add("error"),
    with: (fields) => createRecordingLog(lines, { ...bound, ...fields }),
  };
}
