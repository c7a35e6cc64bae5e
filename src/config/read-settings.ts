import { nearest } from "./nearest.ts";
import { flagOf, type Setting, type Settings, type Values } from "./setting.ts";

/** Where settings come from. A flag beats a variable, which beats the fallback. */
export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the command line gave, by the setting's name. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Reads a small text file, for the `_FILE` twins. */
  readonly readFile: (path: string) => string;
}

export interface ReadSettings<S extends Settings> {
  readonly values: Values<S>;
  /** What was given, as people may see it: secrets are masked. */
  readonly given: Readonly<Record<string, string>>;
  /** The secrets that were given, so that the log can mask them. */
  readonly secrets: readonly string[];
  /** One sentence for each: variable, got, expected. */
  readonly problems: readonly string[];
}

/** Reads each row of a table. Nothing stops at the first problem: all are reported together. */
export function readSettings<const S extends Settings>(
  table: S,
  sources: SettingSources,
): ReadSettings<S> {
  const values: Record<string, unknown> = {};
  const given: Record<string, string> = {};
  const secrets: string[] = [];
  const problems: string[] = [];
  for (const [key, setting] of Object.entries<Setting>(table)) {
    const found = findText(setting, sources);
    if ("problem" in found) problems.push(found.problem);
    else if (found.text !== undefined) {
      values[key] = setting.reader.read(found.text);
      given[setting.name] = setting.isSecret ? shown(setting, found.text) : clipped(found.text);
      if (setting.isSecret) secrets.push(found.text);
      if (values[key] === undefined) problems.push(misfit(setting, found));
    }
    if (setting.fallback !== undefined) values[key] ??= setting.reader.read(setting.fallback);
  }
  return { values: values as Values<S>, given, secrets, problems };
}

/**
 * A sentence about each variable that begins like ours and is none of `known`: a slip, most likely.
 */
export function unknownNames(
  env: SettingSources["env"],
  known: readonly Setting[],
): readonly string[] {
  const names = known.map(({ name }) => name);
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix))
    .filter((name) => !names.includes(name.replace(/_FILE$/, "")) && !names.includes(name))
    .sort()
    .map((name) => {
      const bare = name.slice(prefix.length);
      const near = nearest(
        bare,
        names.filter(hasPrefix).map((known) => known.slice(prefix.length)),
      );
      const advice =
        near === undefined ? "see --help for the names" : `did you mean ${prefix}${near}?`;
      return `${name} is no setting: ${advice}`;
    });
}

const prefix = "MOTIONESS_";
const hasPrefix = (name: string) => name.startsWith(prefix);

type Found =
  | { readonly text: string; readonly source: string }
  | { readonly text: undefined }
  | { readonly problem: string };

/** An empty value counts as none: that is what `VARIABLE=${UNSET:-}` in a compose file means. */
function findText(setting: Setting, { env, flags, readFile }: SettingSources): Found {
  const flag = flags?.[setting.name];
  if (flag !== undefined) return { text: flag, source: flagOf(setting) ?? setting.name };
  const twin = `${setting.name}_FILE`;
  const [value, path] = [env[setting.name] || undefined, env[twin] || undefined];
  if (value !== undefined && path !== undefined) {
    return { problem: `${setting.name}: given twice, expected either it or ${twin}` };
  }
  if (path === undefined) return value === undefined ? { text: value } : named(value, setting.name);
  try {
    return named(readFile(path).replace(/\r?\n$/, ""), twin);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `${twin}: got ${quoted(path)}, expected a readable file (${reason})` };
  }
}

function named(text: string, source: string): Found {
  return { text, source };
}

function misfit(
  setting: Setting,
  found: { readonly text: string; readonly source: string },
): string {
  return `${found.source}: got ${shown(setting, found.text)}, expected ${setting.reader.expected}`;
}

function shown(setting: Setting, text: string): string {
  return setting.isSecret ? `a secret of ${text.length} characters` : quoted(text);
}

function quoted(text: string): string {
  return JSON.stringify(clipped(text));
}

function clipped(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
