import { describe, expect, test } from "bun:test";
import { atNodes, faded, maskOf, strengthAt } from "../../../src/motion/effects/space.ts";
import { boxRegion, effectSpace } from "../../support/effect-scenes.ts";

describe("the space of effects", () => {
  test("has a node every 16 pixels or a little less, and one on each border", () => {
    const { columns, rows } = effectSpace({ width: 650, height: 360 });
    expect([columns, rows]).toEqual([42, 24]);
  });

  test("knows where in the crop the light is", () => {
    const window = { left: 0.5, top: 0, width: 0.5, height: 0.5 };
    const { light } = effectSpace({ window });
    expect(light.x).toBeCloseTo(0.4, 6);
    expect(light.y).toBeCloseTo(0.4, 6);
  });

  test("shows of a region what the crop shows of it", () => {
    const region = boxRegion({ left: 0.5, top: 0, width: 0.5, height: 1 });
    const window = { left: 0.5, top: 0.25, width: 0.5, height: 0.5 };
    expect(strengthAt(maskOf(effectSpace(), region), 0.25, 0.5)).toBe(0);
    expect(strengthAt(maskOf(effectSpace(), region), 0.75, 0.5)).toBe(1);
    expect(strengthAt(maskOf(effectSpace({ window }), region), 0.25, 0.5)).toBe(1);
  });

  test("is free but for faces, with a margin, and people", () => {
    const people = boxRegion({ left: 0.7, top: 0.5, width: 0.2, height: 0.5 }).mask;
    const rigid = [{ left: 0.4, top: 0.4, width: 0.1, height: 0.1 }];
    const { free } = effectSpace({ rigid, people });
    expect(strengthAt(free, 0.45, 0.45)).toBe(0);
    expect(strengthAt(free, 0.385, 0.45)).toBe(0);
    expect(strengthAt(free, 0.37, 0.45)).toBe(1);
    expect(strengthAt(free, 0.8, 0.8)).toBe(0);
    expect(strengthAt(free, 0.2, 0.2)).toBe(1);
  });

  test("lets the light fade towards a face, not end there", () => {
    const rigid = [{ left: 0.4, top: 0.4, width: 0.2, height: 0.2 }];
    const mask = faded(effectSpace({ rigid }));
    const values = [0.5, 0.66, 0.68, 0.9].map((x) => strengthAt(mask, x, 0.5));
    expect(values[0]).toBe(0);
    expect(values[1]).toBeLessThan(values[2] ?? 0);
    expect(values[2]).toBeLessThan(1);
    expect(values[3]).toBe(1);
  });

  test("has a mask's sample at each node", () => {
    const space = effectSpace();
    const nodes = atNodes(
      space,
      maskOf(space, boxRegion({ left: 0, top: 0, width: 0.5, height: 1 })),
    );
    expect(nodes.length).toBe(space.columns * space.rows);
    expect([nodes[0], nodes[space.columns - 1]]).toEqual([1, 0]);
  });
});
