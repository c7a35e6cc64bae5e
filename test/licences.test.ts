import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { makeNotices } from "../build/notices.ts";

const allowed = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense"];

const page = "docs/decisions/licences.md";

test("what the program needs is under a permissive licence, or a named exception", () => {
  const run = Bun.spawnSync([process.execPath, "pm", "licenses", "--production", "--json"]);
  const found = JSON.parse(run.stdout.toString()) as Record<string, readonly { name: string }[]>;
  const others = Object.entries(found)
    .filter(([licence]) => !allowed.includes(licence))
    .flatMap(([licence, packages]) => packages.map(({ name }) => ({ name, licence })));
  const exceptions = readFileSync(page, "utf8");
  // One package is named for each system: `@img/sharp-libvips-linux-x64` is `@img/sharp-libvips`.
  const unnamed = others.filter(
    ({ name }) =>
      !exceptions.includes(`\`${name.replace(/-(linux|darwin|win32|freebsd).*$/, "")}\``),
  );
  expect(unnamed).toEqual([]);
  expect(Object.keys(found)).toContain("MIT");
});

test("the notices name every package that an executable carries (npm run notices)", () => {
  expect(readFileSync("assets/notices/packages.md", "utf8")).toBe(makeNotices());
});
