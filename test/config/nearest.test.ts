import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { editDistance, nearest } from "../../src/config/nearest.ts";

describe("nearest name", () => {
  const rows = [
    ["", "", 0],
    ["listen", "listen", 0],
    ["listn", "listen", 1],
    ["lisetn", "listen", 1],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
    ["ca", "abc", 3],
  ] as const;
  for (const [a, b, distance] of rows) {
    test(`is ${distance} slips from "${a}" to "${b}"`, () => {
      expect(editDistance(a, b)).toBe(distance);
    });
  }

  test("is symmetric, and nothing only for equal names", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });

  test("is found among the known names, and not when all are far", () => {
    expect(nearest("DATADIR", ["LISTEN", "DATA_DIR", "DEMO"])).toBe("DATA_DIR");
    expect(nearest("ZZZZZZ", ["LISTEN", "DATA_DIR", "DEMO"])).toBeUndefined();
    expect(nearest("A", [])).toBeUndefined();
  });
});
