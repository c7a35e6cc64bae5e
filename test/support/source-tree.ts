import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** One file of the project, by its path from the top. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
}

const root = join(import.meta.dir, "../..");
const notOurs = /(^|\/)(node_modules|dist|data|coverage|\.git|\.cache)\/|^bun\.lock$/;

/** The text files that match, in order of their paths. */
export function filesOf(...patterns: readonly string[]): readonly SourceFile[] {
  return patterns
    .flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: root, dot: true })])
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !notOurs.test(path))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, lines: text.split("\n") };
    });
}

/** `src/db/store.ts` is of `db`, `src/app.ts` of `app`. */
export function moduleOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(/\.ts$/, "");
}

/** `src/http/proxy/hot.ts` stands in `proxy`, and `src/http/http.ts` in none. */
export function roomOf(path: string): string | undefined {
  return /^src\/[a-z]+\/([a-z0-9]+)\//.exec(path)?.[1];
}

/** The source file that a test is named for. */
export function mirrored({ path }: SourceFile): string {
  return path.replace(/^test\//, "src/").replace(/\.test\.ts$/, ".ts");
}

/** The project's files that a file imports, as paths from the top. */
export function importsOf(file: SourceFile): readonly string[] {
  const found = file.text.matchAll(/(?:\bfrom|\bimport|\bnew URL)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g);
  return [...found].map((match) => normalize(join(dirname(file.path), match[1] ?? "")));
}

/**
 * The files that import each other, a circle a row, however many files it has: `a.ts, b.ts`. After
 * Tarjan: Depth-first search and linear graph algorithms, 1972.
 */
export function circlesIn(files: readonly SourceFile[]): readonly string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Map<string, number>();
  const open: string[] = [];
  const circles: string[] = [];
  /** Says the earliest file, among those still open, that a way from `file` leads back to. */
  const visit = (file: SourceFile): number => {
    const order = reached.size;
    reached.set(file.path, order);
    open.push(file.path);
    let earliest = order;
    for (const path of importsOf(file)) {
      const next = byPath.get(path);
      if (!next) continue;
      if (!reached.has(path)) earliest = Math.min(earliest, visit(next));
      else if (open.includes(path)) earliest = Math.min(earliest, reached.get(path) ?? order);
    }
    if (earliest === order) {
      const circle = open.splice(open.indexOf(file.path));
      if (circle.length > 1 || importsOf(file).includes(file.path)) {
        circles.push(circle.sort().join(", "));
      }
    }
    return earliest;
  };
  for (const file of files) if (!reached.has(file.path)) visit(file);
  return circles.sort();
}

export interface FoundFunction {
  readonly line: number;
  readonly length: number;
}

/**
 * The functions of a formatted file, by their indentation: each ends at the first closing brace
 * that stands as far to the right as its first line.
 */
export function functionsOf(file: SourceFile): readonly FoundFunction[] {
  return file.lines.flatMap((line, at) => {
    if (!isFunctionStart(line)) return [];
    const indent = /^ */.exec(line)?.[0] ?? "";
    const end = new RegExp(`^${indent}\\}[;,)\\]]*$`);
    const length = file.lines.slice(at).findIndex((later) => end.test(later)) + 1;
    return [{ line: at + 1, length }];
  });
}

/** Whether a file only says what things are, so that there is nothing in it to run. */
export function isTypesOnly(file: SourceFile): boolean {
  const transpiler = new Bun.Transpiler({ loader: "ts", trimUnusedImports: true });
  return (
    transpiler
      .transformSync(file.text)
      .replaceAll(/export\s*\{\s*\};?/g, "")
      .trim() === ""
  );
}

/** What is tested, and what that is made of within its own module: that is tested through it. */
export function reachedWithin(
  files: readonly SourceFile[],
  tested: ReadonlySet<string>,
): ReadonlySet<string> {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set(tested);
  for (const path of reached) {
    const file = byPath.get(path);
    const own = file ? importsOf(file).filter((other) => moduleOf(other) === moduleOf(path)) : [];
    for (const other of own) reached.add(other);
  }
  return reached;
}

/** What was found anywhere but at home. */
export function outside(found: readonly string[], homes: readonly string[]): readonly string[] {
  return found.filter((line) => !homes.some((home) => line.startsWith(home)));
}

/** `path:line: text` of every line that matches. */
export function linesMatching(files: readonly SourceFile[], rule: RegExp): readonly string[] {
  return files.flatMap(({ path, lines }) =>
    lines.flatMap((line, at) => (rule.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
  );
}

function isFunctionStart(line: string): boolean {
  if (/\bfunction\b\s*\*?\s*[\w$]*\s*[(<]/.test(line) && !/^\s*(\*|\/\/)/.test(line)) return true;
  return (
    /=> \{$/.test(line) ||
    (/^\s+(async )?\*?\w+\(.*\)(: .*)? \{$/.test(line) &&
      !/^\s*(if|for|while|switch|catch|return)\b/.test(line))
  );
}
