import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkKey } from "../../src/storage/key.ts";

// Which keys are taken and which are not is in the contract of all storages.
describe("the rule for keys", () => {
  test("names the key and what was expected, and is no cause to try again", () => {
    expect(() => checkKey("../etc")).toThrow('storage key "../etc" is refused: expected segments');
    expect(() => checkKey("../etc")).toThrow(expect.objectContaining({ retry: false }));
  });

  test("shows no more than the beginning of a long one", () => {
    expect(() => checkKey("X".repeat(5000))).toThrow(/^.{0,300}$/s);
  });

  test("takes no key that a path or a URL would change [T01, T15]", () => {
    const pieces = fc.constantFrom("a", "0", "-", "_", ".", "/", "\\", "%", " ", "A", "\0", "é");
    fc.assert(
      fc.property(fc.string({ unit: pieces, minLength: 1, maxLength: 12 }), (key) => {
        try {
          checkKey(key);
        } catch {
          return;
        }
        expect(new URL(`/root/${key}`, "http://host").pathname).toBe(`/root/${key}`);
        expect(encodeURI(key)).toBe(key);
        expect(key.toLowerCase()).toBe(key);
        expect(key.split("/").every((part) => part !== "" && !part.startsWith("."))).toBe(true);
      }),
    );
  });
});
