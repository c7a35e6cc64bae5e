import { expect, test } from "bun:test";
import fc from "fast-check";
import { assetId } from "../../src/assets/id.ts";
import type { AssetRequest } from "../../src/assets/request.ts";

const request: AssetRequest = {
  projectId: "proj_1",
  src: "https://cdn.acme.com/hero.png",
  motion: "medium",
  mode: "loop",
  durSeconds: 4,
  prompt: undefined,
  seed: undefined,
  aspect: "preserve",
  idem: undefined,
};

test("the same request has the same id: 16 lower-case hex digits", () => {
  expect(assetId(request)).toMatch(/^[0-9a-f]{16}$/);
  expect(assetId({ ...request })).toBe(assetId(request));
});

test("an id never changes from one version of the program to the next", () => {
  expect(assetId(request)).toBe("e4d5b3fe1319cab0");
});

test("each field of the request is part of the id", () => {
  const variants: Partial<AssetRequest>[] = [
    { projectId: "proj_2" },
    { src: "https://cdn.acme.com/hero.jpg" },
    { motion: "subtle" },
    { mode: "animate-in" },
    { durSeconds: 5 },
    { prompt: "slow pan" },
    { seed: 0 },
    { aspect: "1:1" },
    { idem: "variant-a" },
  ];
  const ids = variants.map((variant) => assetId({ ...request, ...variant }));
  expect(new Set([...ids, assetId(request)]).size).toBe(variants.length + 1);
});

test("text never slides from one field into the next", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (a, b, c, d) => {
      fc.pre(a !== c || b !== d);
      const left = assetId({ ...request, prompt: a, idem: b });
      expect(assetId({ ...request, prompt: c, idem: d })).not.toBe(left);
    }),
  );
});

test("an absent text differs from an empty one", () => {
  expect(assetId({ ...request, prompt: "" })).not.toBe(assetId(request));
});
