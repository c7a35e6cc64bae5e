import { parseArgs } from "node:util";

/** The flags that every benchmark takes, and those that only one knows. */

export interface BenchOptions {
  readonly rounds: number;
  readonly patienceMs: number;
  readonly json: boolean;
  /** The command that is our server: the sources under Bun, or the executable. */
  readonly program: readonly string[];
  /** A flag of this benchmark alone, by name. */
  flag(name: string): string | undefined;
}

const sources = ["bun", `${import.meta.dir}/../../src/main.ts`];
const roundsMax = 100;

/**
 * Reads the command line. `flags` names what this benchmark takes besides
 * `--rounds N --patience SECONDS --program PATH --json`.
 * @throws Error that names a flag which is unknown or no number.
 */
export function parseOptions(
  args: readonly string[],
  flags: Readonly<Record<string, "string" | "boolean">> = {},
): BenchOptions {
  const own = Object.entries(flags).map(([name, type]) => [name, { type }] as const);
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: "string", default: "5" },
      patience: { type: "string", default: "5" },
      program: { type: "string" },
      json: { type: "boolean", default: false },
      ...Object.fromEntries(own),
    },
  });
  const given: Readonly<Record<string, unknown>> = values;
  return {
    rounds: wholeNumber("rounds", values.rounds, { min: 1, max: roundsMax }),
    patienceMs: wholeNumber("patience", values.patience, { min: 0, max: 600 }) * 1000,
    json: values.json,
    program: values.program === undefined ? sources : [values.program],
    flag: (name) => (given[name] === undefined ? undefined : String(given[name])),
  };
}

/** A flag's whole number. @throws Error that says what was expected. */
export function wholeNumber(
  name: string,
  text: string,
  bounds: { readonly min: number; readonly max: number },
): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= bounds.min && value <= bounds.max) return value;
  throw new Error(
    `--${name}: got ${JSON.stringify(text)}, ` +
      `expected a whole number ${bounds.min} to ${bounds.max}`,
  );
}
