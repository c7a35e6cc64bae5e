/**
 * Makes `assets/notices/packages.md`: whose the packages are that every executable carries, and
 * under which licences.
 *
 *   bun build/notices.ts
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dir, "..");
const noticesFile = join(root, "assets/notices/packages.md");

interface Package {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Empty where the package carries none; its licence's name must do then. */
  readonly texts: readonly string[];
}

/** What the packages' own files say, one section for each text, with all that it covers. */
export function makeNotices(): string {
  const packages = [...findPackages().values()].sort((a, b) => a.name.localeCompare(b.name, "en"));
  const covered = Map.groupBy(packages, ({ texts }) => texts.join("\n\n---\n\n"));
  const sections = [...covered].map(([text, owners]) => {
    const titles = owners.map(
      ({ name, version, licence }) => `- \`${name}\` ${version}: ${licence}`,
    );
    return `${titles.join("\n")}\n${text === "" ? "" : `\n${fenced(text)}\n`}`;
  });
  return `${head}\n${sections.join("\n")}`;
}

const head = `# What the program carries

Every executable of Motioness carries the packages below; one that is run from its source finds them
in \`node_modules\`, unchanged.

- **Bun** (MIT, https://github.com/oven-sh/bun) is the runtime. It contains JavaScriptCore and other
  parts of WebKit under the LGPL-2.1 (https://github.com/oven-sh/webkit); its licence page,
  https://bun.com/docs/project/licensing, names the rest and says how to link it anew.
- **libvips** (LGPL-3.0-or-later, https://github.com/libvips/libvips), with what it is built with
  (https://github.com/lovell/sharp-libvips, \`THIRD-PARTY-NOTICES.md\`), is a shared library beside
  sharp. The executable unpacks it into a folder of the user's, where it can be replaced.

The texts of the LGPL and the GPL are at the end.
`;

/** What the program depends on, and what that depends on; what is optional is not carried. */
function findPackages(): ReadonlyMap<string, Package> {
  const found = new Map<string, Package>();
  const queue = dependenciesOf(root).map((name) => ({ name, from: root }));
  for (const { name, from } of queue) {
    const folder = folderOf(name, from);
    if (found.has(folder)) continue;
    const { version, license } = manifestOf(folder);
    found.set(folder, { name, version, licence: license, texts: textsOf(folder) });
    queue.push(...dependenciesOf(folder).map((inner) => ({ name: inner, from: folder })));
  }
  return found;
}

function dependenciesOf(folder: string): readonly string[] {
  return Object.keys(manifestOf(folder).dependencies ?? {});
}

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** Where a package finds another: the nearest `node_modules` upwards. */
function folderOf(name: string, from: string): string {
  const folder = join(from, "node_modules", name);
  if (existsSync(join(folder, "package.json"))) return folder;
  if (from === dirname(from)) throw new Error(`${name} is not installed: run bun install`);
  return folderOf(name, dirname(from));
}

function textsOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => /^(licen[cs]e|copying|notice|unlicense)([.-]|$)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r", "").trim());
}

function fenced(text: string): string {
  return `~~~text\n${text}\n~~~`;
}

if (import.meta.main) {
  await Bun.write(noticesFile, makeNotices());
}
