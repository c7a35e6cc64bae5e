import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { AppError } from "../../src/errors.ts";
import type { SigningSettings } from "../../src/projects/proxy-project.ts";
import {
  encodeSource,
  type SignedRequest,
  signSource,
  verifySource,
} from "../../src/projects/signing.ts";

// The public recipe's values, with the signature worked out by an independent HMAC.
const vector = {
  secret: "test-secret",
  projectKey: "pk_abc",
  src: "https://cdn.acme.com/hero.png",
  expSeconds: 1714808400,
  path: "aHR0cHM6Ly9jZG4uYWNtZS5jb20vaGVyby5wbmc",
  sig: "cf8a18b8bcc4255d85552a44a574af84e5fd27fa94b067104f3bb2df9eb80590",
};
const { secret, projectKey, src, expSeconds, path, sig } = vector;
const now = (expSeconds - 3600) * 1000;
const settings: SigningSettings = { secret, previous: undefined };
const request: SignedRequest = { projectKey, path, sig, expSeconds };

const verify = (changes: Partial<SignedRequest>, nowMs = now, using = settings) =>
  verifySource(using, { ...request, ...changes }, nowMs);

/** A request whose path says `source`, with the signature that belongs to it. */
function signed(source: string, changes: Partial<SignedRequest> = {}): SignedRequest {
  const tuple = { projectKey, src: source, expSeconds };
  return { ...request, path: encodeSource(source), sig: signSource(secret, tuple), ...changes };
}

describe("the public recipe", () => {
  test("gives the vector's path and signature", () => {
    expect(encodeSource(src)).toBe(path);
    expect(signSource(secret, { projectKey, src, expSeconds })).toBe(sig);
  });

  test("is accepted until exp and refused after it", () => {
    expect(verify({})).toBe(src);
    expect(verify({}, expSeconds * 1000)).toBe(src);
    expect(() => verify({}, expSeconds * 1000 + 1)).toThrow(/^signature expired$/);
  });
});

describe("a refusal says why", () => {
  const rows: [string, Partial<SignedRequest>, string][] = [
    ["no sig", { sig: undefined }, "the sig parameter is missing"],
    ["no exp", { expSeconds: undefined }, "the exp parameter is missing"],
    ["upper case", { sig: sig.toUpperCase() }, "sig must be in lower case"],
    ["8 bytes [U12]", { sig: sig.slice(0, 16) }, "sig has 16 hex digits, expected 64"],
    ["16 bytes [U12]", { sig: sig.slice(0, 32) }, "sig has 32 hex digits, expected 64"],
    ["base64url sig", { sig: Buffer.from(sig, "hex").toString("base64url") }, "hex digits"],
    ["padded", { path: `${path}=` }, "the path is padded"],
    ["plain base64", { path: "aHR0cHM6Ly9hLmNvbS8/Pz8+" }, "the path is plain base64"],
    ["stray last bits", { path: `${path.slice(0, -1)}d` }, "not canonical base64url"],
    ["a lone last character", { path: `${path}AA` }, "not canonical base64url"],
    ["impossible length", { path: path.slice(0, 37) }, "not canonical base64url"],
    ["not UTF-8", { path: Buffer.from([0xff, 0xfe]).toString("base64url") }, "UTF-8"],
    ["plain source", { path: "cdn.acme.com/hero.png" }, "takes signed URLs only"],
    ["line feed", { path: `${path}\n` }, "takes signed URLs only"],
    ["empty path", { path: "" }, "it does not match"],
    ["milliseconds", { expSeconds: expSeconds * 1000 }, "not milliseconds"],
    ["other key", { projectKey: "pk_abd" }, "it does not match"],
    ["other exp", { expSeconds: expSeconds + 1 }, "it does not match"],
    ["other source", { path: encodeSource(`${src}?`) }, "it does not match"],
  ];
  test.each(rows)("%s [U03, U04, U06, U10, U12]", (_name, changes, text) => {
    expect(() => verify(changes)).toThrow(text);
    expect(() => verify(changes)).toThrow(/^invalid signature: /);
  });

  test("a wrong secret does not match, expired or not", () => {
    const other: SigningSettings = { secret: "other-secret", previous: undefined };
    expect(() => verify({}, now, other)).toThrow("it does not match");
    expect(() => verify({}, expSeconds * 1000 + 1, other)).toThrow("it does not match");
  });
});

test("each of the 64 digits counts [U02]", () => {
  for (let index = 0; index < sig.length; index++) {
    const digit = sig[index] === "0" ? "1" : "0";
    const changed = sig.slice(0, index) + digit + sig.slice(index + 1);
    expect(() => verify({ sig: changed })).toThrow("it does not match");
  }
});

test("the secret before a rotation is good until its time is up [U11]", () => {
  const rotated: SigningSettings = { secret: "new", previous: { secret, untilMs: now + 1000 } };
  expect(verify({}, now, rotated)).toBe(src);
  expect(() => verify({}, now + 1000, rotated)).toThrow("it does not match");
  const renewed = signSource("new", { projectKey, src, expSeconds });
  expect(verify({ sig: renewed }, now + 1000, rotated)).toBe(src);
});

test("no two spellings of a source share a signature [U08]", () => {
  const spellings = ["\u00e9", "e\u0301", "\uff45", "\u202ee", "e😀", "e"].map(
    (letter) => `https://cdn.acme.com/${letter}.png`,
  );
  const requests = spellings.map((spelling) => signed(spelling));
  expect(new Set(requests.map((one) => one.sig)).size).toBe(spellings.length);
  expect(requests.map((one) => verifySource(settings, one, now))).toEqual(spellings);
  for (const one of requests.slice(1)) {
    expect(() => verifySource(settings, { ...one, sig: requests[0]?.sig }, now)).toThrow();
  }
});

test("a byte order mark is part of the source, not dropped", () => {
  const source = `\ufeff${src}`;
  expect(verifySource(settings, signed(source), now)).toBe(source);
});

describe("any source at all", () => {
  const seed = { seed: 20261121, numRuns: 500 };
  const source = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 80 })
    .filter((text) => text.isWellFormed())
    .map((text) => `https://cdn.acme.com/${text}`);
  const characters = fc.constantFrom(..."AZaz09-_+/=. \n\u0000é".split(""));

  test("comes out of its own signed URL as it went in", () => {
    const run = fc.property(source, (text) => verifySource(settings, signed(text), now) === text);
    fc.assert(run, seed);
  });

  test("is refused when one character of what was signed is another [U02]", () => {
    const parts = fc.constantFrom("path", "sig", "projectKey");
    const run = fc.property(source, parts, fc.nat(), characters, (text, part, at, character) => {
      const good = signed(text);
      const whole = good[part] ?? "";
      const index = at % whole.length;
      const changed = whole.slice(0, index) + character + whole.slice(index + 1);
      if (changed === whole) return;
      expect(() => verifySource(settings, { ...good, [part]: changed }, now)).toThrow(AppError);
    });
    fc.assert(run, seed);
  });

  test("that is no path of ours is refused as the caller's fault", () => {
    const run = fc.property(fc.string({ unit: "binary" }), fc.string(), (wrong, sig) => {
      expect(() => verifySource(settings, { ...request, path: wrong, sig }, now)).toThrow(AppError);
    });
    fc.assert(run, seed);
  });
});
