import { describe, expect, test } from "bun:test";
import { readFaces } from "../../src/vision/faces.ts";

const anchorsTotal = 16 * 16 * 2 + 8 * 8 * 6;

interface Seen {
  readonly anchor: number;
  readonly score: number;
  /** Of the box in pixels of the input: its middle from the anchor, and its size. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
}

function outputsOf(seen: readonly Seen[]) {
  const scores = new Float32Array(anchorsTotal).fill(-10);
  const regressions = new Float32Array(anchorsTotal * 16);
  for (const { anchor, score, box } of seen) {
    scores[anchor] = Math.log(score / (1 - score));
    regressions.set(box, anchor * 16);
  }
  return { scores, regressions };
}

/** The first anchor of the fine grid's row and column. */
const fine = (row: number, column: number) => 2 * (row * 16 + column);

describe("faces", () => {
  test("lie where their anchor and its numbers say", () => {
    const outputs = outputsOf([{ anchor: fine(7, 7), score: 0.9, box: [8, 8, 64, 64] }]);
    const [face] = readFaces(outputs, { width: 100, height: 100 });
    expect(face).toEqual({
      score: 0.9,
      box: { left: 0.375, top: 0.375, width: 0.25, height: 0.25 },
    });
  });

  test("of the coarse grid are found as well", () => {
    const outputs = outputsOf([{ anchor: 512 + 6 * (8 * 3 + 3), score: 0.8, box: [0, 0, 32, 32] }]);
    const [face] = readFaces(outputs, { width: 256, height: 256 });
    expect(face?.box).toEqual({ left: 0.375, top: 0.375, width: 0.125, height: 0.125 });
  });

  test("are given in shares of the picture, without what was added to make it square", () => {
    const seen: Seen = { anchor: fine(7, 7), score: 0.9, box: [8, 8, 64, 64] };
    const [wide] = readFaces(outputsOf([seen]), { width: 200, height: 100 });
    expect(wide?.box).toEqual({ left: 0.375, top: 0.25, width: 0.25, height: 0.5 });
    const [tall] = readFaces(outputsOf([seen]), { width: 100, height: 200 });
    expect(tall?.box).toEqual({ left: 0.25, top: 0.375, width: 0.5, height: 0.25 });
  });

  test("end at the picture's edge", () => {
    const seen: Seen = { anchor: fine(0, 0), score: 0.9, box: [0, 0, 80, 80] };
    const [face] = readFaces(outputsOf([seen]), { width: 100, height: 100 });
    expect(face?.box).toMatchObject({ left: 0, top: 0 });
    expect(face?.box.width).toBeCloseTo(48 / 256, 3);
  });

  test("that are seen twice are one, and the surest comes first", () => {
    const faces = readFaces(
      outputsOf([
        { anchor: fine(4, 4), score: 0.8, box: [0, 0, 40, 40] },
        { anchor: fine(4, 4) + 1, score: 0.95, box: [2, 2, 40, 40] },
        { anchor: fine(12, 12), score: 0.9, box: [0, 0, 40, 40] },
      ]),
      { width: 100, height: 100 },
    );
    expect(faces.map(({ score }) => score)).toEqual([0.95, 0.9]);
  });

  test("that are doubtful are none, and no more than 32 are kept", () => {
    const doubtful = outputsOf([{ anchor: 0, score: 0.74, box: [0, 0, 40, 40] }]);
    expect(readFaces(doubtful, { width: 9, height: 9 })).toEqual([]);
    const crowd = Array.from({ length: 256 }, (_, at): Seen => {
      return { anchor: 2 * at, score: 0.9, box: [0, 0, 8, 8] };
    });
    expect(readFaces(outputsOf(crowd), { width: 9, height: 9 })).toHaveLength(32);
  });
});
