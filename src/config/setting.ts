import type { Reader } from "./readers.ts";

/** Headings of the help and the README, in their order. */
export const groups = ["Server", "Access", "Data", "Clips", "Operation", "Signing"] as const;

/** One row of a settings table. */
export interface Setting<T = unknown> {
  /** The environment variable. `NAME_FILE` is its twin: a file that holds the value. */
  readonly name: string;
  readonly group: (typeof groups)[number];
  readonly reader: Reader<T>;
  /** Read like any other text when nothing is given. */
  readonly fallback?: string;
  /** What people are told about the default where it is none that could be written down. */
  readonly fallbackNote?: string;
  /** Never shown, and never taken from the command line, where other users could read it. */
  readonly isSecret?: boolean;
  /** Checked, and nothing uses it yet: whoever sets it is told. */
  readonly isReserved?: boolean;
  /** One sentence without its full stop. */
  readonly summary: string;
}

export type Settings = Readonly<Record<string, Setting>>;

/** The values of a table: undefined where there is no fallback and nothing was given. */
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T>
    ? S[K] extends { readonly fallback: string }
      ? T
      : T | undefined
    : never;
};

/** The flag that overrides a setting: `MOTIONESS_DATA_DIR` is `--data-dir`. */
export function flagOf(setting: Setting): string | undefined {
  if (setting.isSecret || setting.isReserved || setting.group === "Signing") return undefined;
  return `--${setting.name
    .replace(/^MOTIONESS_/, "")
    .toLowerCase()
    .replaceAll("_", "-")}`;
}
