import { describe, expect, test } from "bun:test";
import { readCoarseMap } from "../../src/scene/coarse-map.ts";
import type { Box } from "../../src/scene/plan.ts";
import { mapPeople, peopleInputSide } from "../../src/vision/people.ts";

/** What the net marks when a person fills this box. */
function marked(box: Box): Float32Array {
  return Float32Array.from({ length: peopleInputSide ** 2 }, (_, at) => {
    const x = ((at % peopleInputSide) + 0.5) / peopleInputSide;
    const y = (Math.floor(at / peopleInputSide) + 0.5) / peopleInputSide;
    const isAcross = x > box.left && x < box.left + box.width;
    return isAcross && y > box.top && y < box.top + box.height ? 1 : 0;
  });
}

const nobody: Box = { left: 0, top: 0, width: 0, height: 0 };
const person: Box = { left: 0.25, top: 0.5, width: 0.5, height: 0.5 };

describe("a map of people", () => {
  test("is what the net marked, at half the size", () => {
    const { map, box } = mapPeople(marked(person), []);
    expect([map.width, map.height]).toEqual([128, 128]);
    const field = readCoarseMap(map)?.samples ?? [];
    expect(field[100 * 128 + 64]).toBe(1);
    expect(field[20 * 128 + 64]).toBe(0);
    expect(box).toEqual(person);
  });

  test("has a head round each face that the net missed, and leaves the others alone", () => {
    const seen: Box = { left: 0.4, top: 0.6, width: 0.1, height: 0.1 };
    expect(mapPeople(marked(person), [seen])).toEqual(mapPeople(marked(person), []));
    const missed: Box = { left: 0.1, top: 0.1, width: 0.1, height: 0.1 };
    const field = readCoarseMap(mapPeople(marked(person), [missed]).map)?.samples ?? [];
    const at = (x: number, y: number) => field[Math.floor(y * 128) * 128 + Math.floor(x * 128)];
    expect([at(0.15, 0.15), at(0.22, 0.15), at(0.25, 0.15)]).toEqual([1, 1, 0]);
  });

  test("of nobody is empty", () => {
    expect(mapPeople(marked(nobody), []).box).toBeUndefined();
  });
});
