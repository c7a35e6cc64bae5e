import { expect, test } from "bun:test";
import { exitCodeOf, exitCodes } from "../../src/cli/exit-code.ts";
import { AppError, type ErrorCode } from "../../src/errors.ts";

const rows: readonly (readonly [ErrorCode, keyof typeof exitCodes])[] = [
  ["invalid_request", "usage"],
  ["invalid_config", "invalidConfig"],
  ["missing_tool", "failure"],
  ["data_dir_locked", "failure"],
  ["source_unsupported", "assetFailed"],
  ["i2v_failed", "assetFailed"],
  ["i2v_timeout", "timedOut"],
  ["cancelled", "interrupted"],
];

test.each(rows)("%s ends the program as %s", (code, name) => {
  expect(exitCodeOf(new AppError(code, "x"))).toBe(exitCodes[name]);
});

test("what is no error of ours is a failure", () => {
  expect(exitCodeOf(new TypeError("x"))).toBe(1);
  expect(exitCodeOf("x")).toBe(1);
});

test("no two outcomes share a code", () => {
  const codes = Object.values(exitCodes);
  expect(new Set(codes).size).toBe(codes.length);
});
