import { expect, test } from "bun:test";
import { parseTheme } from "../../public/theme.ts";

test.each([
  ["dark", "dark"],
  ["light", "light"],
  ["system", "system"],
  ["sepia", "system"],
  [null, "system"],
])("a stored %p is the theme %p", (stored, theme) => {
  expect(parseTheme(stored)).toBe(theme as never);
});
