import { expect, test } from "bun:test";
import packageJson from "../package.json" with { type: "json" };
import { version } from "../src/version.ts";

test("the program says the version that it is released as", () => {
  expect(version).toBe(packageJson.version);
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
});
