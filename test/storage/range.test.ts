import { describe, expect, test } from "bun:test";
import { resolveRange } from "../../src/storage/range.ts";

describe("a range of an object of ten bytes", () => {
  test.each([
    [undefined, 0, 10],
    [{ start: 0, end: 0 }, 0, 1],
    [{ start: 9, end: 9 }, 9, 10],
    [{ start: 4, end: 99 }, 4, 10],
  ])("%j is from %i up to %i", (range, start, end) => {
    expect(resolveRange(range, 10)).toEqual({ start, end });
  });

  test.each([
    [{ start: 10, end: 10 }, 10],
    [{ start: 5, end: 4 }, 10],
    [{ start: -1, end: 4 }, 10],
    [{ start: 0, end: 0 }, 0],
  ])("%j of %i bytes is not satisfiable", (range, sizeBytes) => {
    const code = "range_not_satisfiable";
    expect(() => resolveRange(range, sizeBytes)).toThrow(expect.objectContaining({ code }));
  });
});
