import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { settingsMarkdown } from "../../src/config/describe.ts";
import { settings } from "../../src/config/settings.ts";

describe("settings as documents", () => {
  test("name every setting with its default", () => {
    const text = settingsMarkdown();
    for (const { name } of Object.values(settings)) expect(text).toContain(`| \`${name}\` |`);
    expect(text).toContain("| `MOTIONESS_LISTEN` | `127.0.0.1:8477` |");
    expect(text).toContain("| `MOTIONESS_SECRET` | generated in the data folder |");
  });

  test("stand in the README as they are (bun build/readme.ts writes them)", () => {
    const readme = readFileSync("README.md", "utf8");
    expect(readme).toContain(`<!-- settings -->\n\n${settingsMarkdown()}\n\n<!-- /settings -->`);
  });
});
