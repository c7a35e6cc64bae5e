import { describe, expect, test } from "bun:test";
import { captionOf, labelsOf } from "../../src/vision/describe.ts";
import type { Evidence } from "../../src/vision/evidence.ts";
import { evidenceOf, middleFace, region, vagueScene } from "../support/evidence.ts";

const plain = evidenceOf().light;
const warm = { ...plain, colour: { lightness: 0.5, a: 0, b: 0.05 } };
const horizon = { y: 0.5, confidence: 0.9 };
const backdrop = { backdrop: region(0.5), saliency: { ...vagueScene.saliency, confidence: 0.6 } };
const pale = { backdropColour: "pale blue" };

const cases: readonly (readonly [caption: string, labels: readonly string[], Evidence])[] = [
  ["a scene, soft light", ["photo"], evidenceOf()],
  [
    "two people in front of a pale blue backdrop, warm light",
    ["photo", "people", "portrait", "plain backdrop", "warm"],
    evidenceOf(backdrop, { faces: [middleFace, middleFace], light: warm, ...pale }),
  ],
  [
    "a person with open sky and water, bright light",
    ["photo", "person", "portrait", "sky", "water", "bright"],
    evidenceOf(
      { horizon, sky: region(0.3), water: region(0.2) },
      { faces: [middleFace], light: { ...plain, brightness: 0.8 } },
    ),
  ],
  [
    "a group of people, low light",
    ["photo", "people", "group", "portrait", "dark"],
    evidenceOf({}, { faces: Array(9).fill(middleFace), light: { ...plain, brightness: 0.1 } }),
  ],
  [
    "a landscape with sky, water and greenery, soft light",
    ["photo", "landscape", "sky", "water", "foliage"],
    evidenceOf({ horizon, sky: region(0.3), water: region(0.2), foliage: region(0.1) }),
  ],
  [
    "a single subject in front of a pale blue backdrop, in black and white",
    ["photo", "plain backdrop", "monochrome"],
    evidenceOf(backdrop, { light: { ...plain, isGrey: true }, ...pale }),
  ],
  ["a graphic in grey, blue and white", ["graphic"], evidenceOf({ kind: "graphic" })],
];

describe("a still in words", () => {
  test.each(cases)("%s", (caption, labels, evidence) => {
    expect(captionOf(evidence)).toBe(caption);
    expect(labelsOf(evidence)).toEqual(labels);
  });

  test("is an illustration where the net is sure that it was drawn", () => {
    const scores = { drawing: 0.95, hentai: 0, neutral: 0.05, porn: 0, sexy: 0 };
    const nsfw = { scores, decision: "pass" } as const;
    expect(labelsOf(evidenceOf({}, { nsfw }))).toContain("illustration");
  });
});
