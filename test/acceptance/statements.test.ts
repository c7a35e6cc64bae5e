import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "./statements/statement.ts";
import { statementRows } from "./statements.ts";

const tests = join(import.meta.dir, "..");
const steps = readdirSync(import.meta.dir)
  .filter((name) => name.endsWith(".test.ts"))
  .flatMap((name) =>
    read(join(import.meta.dir, name))
      .matchAll(/^\s*check\("(\w+)"/gm)
      .toArray(),
  )
  .map(([, id]) => id);
const deviations = read(join(tests, "../docs/deviations.md"));

describe("every statement of the four pages", () => {
  test("has a step that bears its id, when a step is what checks it", () => {
    const wanted = statementRows
      .filter(([, { check }]) => check.kind === "step" || check.kind === "deviation")
      .map(([id]) => id as string);
    expect(steps.toSorted()).toEqual(wanted.toSorted());
  });

  for (const [id, { says, check }] of statementRows) {
    if (check.kind === "deviation") {
      test(`[${id}] is a row of the deviations: ${check.subject}`, () => {
        expect(deviations).toContain(`\n| ${check.subject} |`);
      });
    }
    if (check.kind === "elsewhere") {
      test(`[${id}] ${says} (${check.file}: ${check.test})`, () => {
        const path = join(tests, check.file);
        expect(existsSync(path)).toBe(true);
        expect(read(path)).toContain(`test("${check.test}"`);
      });
    }
  }
});

afterAll(() => {
  const list = statementRows.map(([id, { says, check }]) => `  ${id} ${says}${noteOf(check)}`);
  console.log(`${list.length} statements are checked:\n${list.join("\n")}`);
});

function noteOf(check: Check): string {
  switch (check.kind) {
    case "deviation":
      return ` (deviation: ${check.subject})`;
    case "elsewhere":
      return ` (test/${check.file})`;
    default:
      return "";
  }
}

function read(path: string): string {
  return readFileSync(path, "utf8");
}
