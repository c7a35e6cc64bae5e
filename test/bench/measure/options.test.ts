import { describe, expect, test } from "bun:test";
import { parseOptions, wholeNumber } from "../../../bench/measure/options.ts";

describe("the flags of a benchmark", () => {
  test("have defaults", () => {
    const options = parseOptions([]);
    expect(options).toMatchObject({ rounds: 5, patienceMs: 5_000, json: false });
    expect(options.program[0]).toBe("bun");
  });

  test("take the program and what the benchmark itself knows", () => {
    const options = parseOptions(["--program", "dist/motioness", "--rounds=2", "--case", "304"], {
      case: "string",
      signed: "boolean",
    });
    expect(options.program).toEqual(["dist/motioness"]);
    expect(options.rounds).toBe(2);
    expect(options.flag("case")).toBe("304");
    expect(options.flag("signed")).toBeUndefined();
  });

  test("refuse what is unknown or no number", () => {
    expect(() => parseOptions(["--case", "304"])).toThrow("--case");
    expect(() => parseOptions(["--rounds", "many"])).toThrow("--rounds");
    expect(() => wholeNumber("size", "1.5", { min: 1, max: 9 })).toThrow("whole number 1 to 9");
  });
});
