import { expect, test } from "bun:test";
import { parseEmail } from "../../src/accounts/email.ts";

const good = ["you@example.com", "A.b+c_d-e@x-y.example.org", "o'neil@example.co"];
const bad = [
  ...["", "you", "you@localhost", "you@example.c", "@example.com", "you@-a.com", "a b@example.com"],
  ...["a..b@example.com", ".a@example.com", "\u00e4nn@example.com", "you@ex\u00e4mple.com"],
  `${"a".repeat(250)}@b.com`,
];

test.each(good)("%s can be signed in with", (address) => {
  expect(parseEmail(address)).toBe(address);
});

test.each(bad)("%j cannot, and is refused with what was expected", (address) => {
  expect(() => parseEmail(address)).toThrow("expected an e-mail address such as");
});
