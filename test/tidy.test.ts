import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import packageJson from "../package.json" with { type: "json" };
import released from "./fixtures/released-migrations.json" with { type: "json" };
import {
  circlesIn,
  filesOf,
  functionsOf,
  importsOf,
  isTypesOnly,
  linesMatching,
  mirrored,
  moduleOf,
  outside,
  reachedWithin,
  roomOf,
  type SourceFile,
} from "./support/source-tree.ts";

// AssemblyScript is another language that happens to end in `.ts`.
const source = filesOf("src/**/*.ts").filter(({ path }) => !path.includes("/assembly/"));
const code = [
  ...source,
  ...filesOf("{build,bench,public,test}/**/*.{ts,mjs}", "packages/*/src/**/*.ts"),
];
const everything = [
  ...filesOf("*"),
  ...filesOf("{src,build,bench,public,test,docs,.ci}/**/*", "packages/*/src/**/*.ts"),
].filter(({ text }) => !text.includes("\0"));

/** Made by a program, and not for people to read. */
const generated = ["packages/proxy-client/src/openapi.ts"];

/** What everybody may import: how time, failure, logs and crash tests work; motion's words. */
const vocabulary = ["clock", "errors", "log", "failpoint", "scene/plan"];
const domain = ["assets", "events", "jobs", "projects", "models", "db"];

/** Who may import whom. A module that is not named here may be imported by `app` and `cli` only. */
const mayImport: Readonly<Record<string, readonly string[] | "everything">> = {
  db: [],
  storage: [],
  net: [],
  media: [],
  kernel: [],
  models: [],
  native: [],
  threads: [],
  scene: ["media", "kernel"],
  vision: ["scene", "media", "kernel", "threads"],
  motion: ["scene", "media", "kernel", "threads"],
  loop: ["scene", "media", "kernel", "threads"],
  providers: ["models", "net", "motion", "vision", "scene", "media"],
  jobs: ["db"],
  events: ["db", "jobs"],
  projects: ["db", "models"],
  accounts: ["db", "models"],
  brand: ["db", "jobs", "projects", "net", "providers"],
  purge: ["net"],
  webhooks: ["db", "jobs", "events", "projects", "net"],
  assets: ["db", "jobs", "events", "projects", "models"],
  pipeline: [...domain, "brand", "providers", "purge", "storage", "net", "media", "loop"],
  http: [...domain, "accounts", "brand", "webhooks", "scene", "storage", "net", "media"],
  clock: [],
  demo: ["accounts", "assets", "db", "http", "projects", "storage"],
  errors: [],
  log: [],
  failpoint: [],
  config: "everything", // types only, see below
  app: "everything",
  cli: "everything",
  main: ["cli"],
};

interface Rooms {
  /** From the ground up: each may use those before it, and its own. */
  readonly order: readonly string[];
  /** What stands in no room wires the rooms, but for these: the words that every room uses. */
  readonly words: readonly string[];
}

/** The modules that have rooms of their own. */
const rooms: Readonly<Record<string, Rooms>> = {
  brand: { order: ["site", "extract", "refine"], words: ["brand"] },
  http: {
    order: [
      ...["request", "answer", "access", "proxy", "page"],
      ...["assets", "projects", "webhooks", "accounts", "reference"],
    ],
    words: [],
  },
  db: {
    order: ["migrations", "sqlite", "postgres"],
    words: [
      ...["driver-error", "migrate", "migrations", "once"],
      ...["schema", "store", "topics", "write-check"],
    ],
  },
  media: { order: ["mp4", "picture", "ffmpeg"], words: ["media", "rendition-format"] },
  scene: {
    order: ["field", "lines", "graphic", "parts", "depth"],
    words: ["coarse-map", "plan", "scene"],
  },
};

/** Words of the seams' implementations, and the only places that may tell them apart. */
const kinds: readonly { readonly words: RegExp; readonly homes: readonly string[] }[] = [
  { words: /"(sqlite|postgres)"/, homes: ["db", "config"] },
  { words: /"(disk|s3)"/, homes: ["storage", "config"] },
  { words: /"(anthropic|replicate|videos)"/, homes: ["providers", "config"] },
  { words: /"(varnish|cloudflare|fastly)"/, homes: ["purge", "config"] },
];

describe("tidy", () => {
  test("imports point one way", () => {
    expect(source.flatMap(wrongImports)).toEqual([]);
  });

  test("no file imports what imports it, be it a type or a worker's file", () => {
    expect(circlesIn(code)).toEqual([]);
  });

  test("the rooms of a module stand on each other in one order", () => {
    expect(source.flatMap(upwardImports)).toEqual([]);
  });

  test("config takes nothing but types and words from the modules it configures", () => {
    const config = source.filter(({ path }) => moduleOf(path) === "config");
    const runs = linesMatching(
      config,
      /^import (?!type\b).* from "\.\.?\/(?!config\/)(?=[a-z-]+\/)/,
    );
    expect(runs.filter((line) => line.includes("../"))).toEqual([]);
  });

  test("the page takes nothing from the program but the names of its events", () => {
    const taken = filesOf("public/**/*.ts").flatMap(importsOf);
    const foreign = taken.filter((path) => path.startsWith("src/"));
    expect(outside(foreign, ["src/events/wire-event.ts"])).toEqual([]);
  });

  test("the environment is read in one place, and by the failpoints", () => {
    const found = linesMatching(source, /\b(process|Bun|import\.meta)\.env\b/);
    expect(outside(found, ["src/main.ts", "src/failpoint.ts"])).toEqual([]);
  });

  test("requests go out in net, and nowhere else", () => {
    // `health` asks this machine's own server; nothing in it came from outside.
    const found = linesMatching(source, /(?<![.\w])fetch\((?!\w+: )/);
    expect(outside(found, ["src/net/", "src/cli/health.ts"])).toEqual([]);
  });

  test("kinds are told apart where they live", () => {
    const found = kinds.flatMap(({ words, homes }) =>
      linesMatching(
        source.filter(({ path }) => !homes.includes(moduleOf(path))),
        words,
      ),
    );
    expect(found).toEqual([]);
  });

  test("files have at most 300 lines, and lines 100 columns", () => {
    const long = code.filter(({ lines }) => lines.length > 301).map(({ path }) => path);
    expect(outside(long, generated)).toEqual([]);
    // A long text or pattern cannot be broken, and the formatter leaves it whole.
    const wide = linesMatching(
      code,
      /^(?!.*(["'`]).{40,}\1)(?!\s*\/.{40,}\/[dgimsuy]*[.;,]?).{101,}$/,
    );
    // Licences stand as their owners wrote them.
    expect(outside(wide, [...generated, "build/sight/notices.ts"])).toEqual([]);
  });

  test("functions have at most 60 lines", () => {
    const files = code.filter(({ path }) => !path.startsWith("test/"));
    const long = files.flatMap((file) =>
      functionsOf(file)
        .filter(({ length }) => length > 60)
        .map(({ line, length }) => `${file.path}:${line}: ${length} lines`),
    );
    expect(long).toEqual([]);
  });

  test("there are no classes but errors, and no state that outlives a call", () => {
    // What others wrote has the classes that it has.
    const own = source.filter(({ path }) => !path.endsWith(".d.ts"));
    expect(
      linesMatching(own, /^\s*(export )?(abstract )?class (?!\w+ extends \w*Error\b)/),
    ).toEqual([]);
    expect(linesMatching(source, /^(export )?(let|var) /)).toEqual([]);
    const collections = /^(export )?const \w+ = new (Map|Set|WeakMap|WeakSet)\b/;
    expect(outside(linesMatching(source, collections), ["src/failpoint.ts"])).toEqual([]);
  });

  test("there are no default exports, enums, any, barrels or rooms without a name", () => {
    // What others install has one door.
    const entry = "packages/proxy-client/src/index.ts";
    // It writes the entry of a bundle.
    const writer = "build/sight.ts";
    const shut = linesMatching(code, /^export (default|\*|\{.*\} from)|^(export )?(const )?enum /);
    expect(outside(shut, [entry, writer])).toEqual([]);
    expect(linesMatching(code, /^(?!\s*(\/?\*|\/\/)).*(:|<|\bas|\|) any\b/)).toEqual([]);
    const rooms = /(^|\/)(utils?|helpers?|common|types|services|misc)\//;
    expect(code.map(({ path }) => path).filter((path) => rooms.test(path))).toEqual([]);
    expect(code.map(({ path }) => path).filter((path) => /\/index\.ts$/.test(path))).toEqual([
      entry,
    ]);
  });

  test("nothing is left for later, and nothing names a machine or a registry", () => {
    const words = ["TO" + "DO", "FIX" + "ME", "XX" + "X"].map((word) => `\\b${word}\\b`);
    const places = [
      "registry\\.npm",
      "npmjs\\.(org|com)",
      "deb\\.debian\\.org",
      "/wo" + "rk/",
      "bash_" + "jobs",
    ];
    const banned = new RegExp([...words, ...places].join("|"));
    expect(outside(linesMatching(everything, banned), ["test/tidy.test.ts"])).toEqual([]);
  });

  test("tests wait for what happens, and never for the clock", () => {
    expect(
      linesMatching(filesOf("test/**/*.ts"), /^\s*await Bun\.sleep\(|\bsleepSync\(|\.only\(/).slice(
        0,
        9,
      ),
    ).toEqual([]);
  });

  test("every source file has its test, serves one that has, or has nothing to run", () => {
    const tests = filesOf("test/**/*.{ts,tsx}");
    const named = new Set([...tests.flatMap(importsOf), ...tests.map(mirrored)]);
    const reached = reachedWithin(source, named);
    const missing = source
      .filter((file) => !reached.has(file.path) && !isTypesOnly(file))
      .map(({ path }) => path);
    expect(missing).toEqual([]);
  });

  test("migrations are never edited once they are released", () => {
    const hashes = filesOf("src/db/migrations/*.ts").map(({ path, text }) => [
      path.split("/").at(-1) ?? "",
      createHash("sha256").update(text).digest("hex"),
    ]);
    expect(Object.fromEntries(hashes)).toMatchObject(released);
  });

  test("a decision is one short page: context, decision, consequences", () => {
    for (const { text, lines } of filesOf("docs/decisions/[a-z]*.md")) {
      expect(lines.length).toBeLessThanOrEqual(60);
      expect(text.match(/^## (Context|Decision|Consequences)$/gm)).toHaveLength(3);
    }
  });

  test("every package that the program needs is somebody's decision", () => {
    const pages = filesOf("docs/decisions/*.md")
      .map(({ text }) => text)
      .join("\n");
    const needed = [packageJson.dependencies, packageJson.optionalDependencies].flatMap(
      Object.keys,
    );
    expect(needed.filter((name) => !pages.includes(`\`${name}\``))).toEqual([]);
  });
});

function wrongImports(file: SourceFile): readonly string[] {
  const from = moduleOf(file.path);
  const allowed = mayImport[from];
  if (allowed === "everything") return [];
  return importsOf(file)
    .filter((path) => path.startsWith("src/"))
    .filter((path) => !vocabulary.includes(path.slice("src/".length).replace(/\.ts$/, "")))
    .filter((path) => moduleOf(path) !== from && !allowed?.includes(moduleOf(path)))
    .map((path) => `${file.path} imports ${path}`);
}

function upwardImports(file: SourceFile): readonly string[] {
  const from = moduleOf(file.path);
  const { order, words } = rooms[from] ?? { order: [], words: [] };
  const own = order.indexOf(roomOf(file.path) ?? "");
  if (own === -1) return [];
  const allowed = words.map((word) => `src/${from}/${word}.ts`);
  return importsOf(file)
    .filter((path) => path.startsWith(`src/${from}/`) && !allowed.includes(path))
    .filter((path) => !order.slice(0, own + 1).includes(roomOf(path) ?? ""))
    .map((path) => `${file.path} imports ${path}`);
}
