import { expect, test } from "bun:test";
import fc from "fast-check";
import { createSealer } from "../../src/projects/seal.ts";

const sealer = createSealer("a server secret");

test("what was sealed is opened again, whatever the text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (secret) => {
      expect(sealer.open(sealer.seal(secret))).toBe(secret);
    }),
  );
});

test("the same secret is sealed differently each time and never readable", () => {
  const first = sealer.seal("whsec_abcdef");
  expect(sealer.seal("whsec_abcdef")).not.toBe(first);
  expect(first).not.toContain("abcdef");
});

test("another server secret, a changed byte or a plain text is refused without its text", () => {
  const sealed = sealer.seal("whsec_abcdef");
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith("AA") ? "BB" : "AA"}`;
  const attempts = [
    () => createSealer("another").open(sealed),
    () => sealer.open(changed),
    () => sealer.open("whsec_abcdef"),
    () => sealer.open("sealed.1."),
  ];
  for (const attempt of attempts) {
    expect(attempt).toThrow("internal error");
    expect(String(thrownBy(attempt)?.cause)).toContain("was MOTIONESS_SECRET changed?");
  }
});

function thrownBy(attempt: () => unknown): Error | undefined {
  try {
    attempt();
  } catch (thrown) {
    if (thrown instanceof Error) return thrown;
  }
  return undefined;
}
