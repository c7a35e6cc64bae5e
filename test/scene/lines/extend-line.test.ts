import { describe, expect, test } from "bun:test";
import { readChannels } from "../../../src/scene/field/channels.ts";
import type { StraightLine } from "../../../src/scene/lines/line.ts";
import { findStraightLines } from "../../../src/scene/lines/straight-lines.ts";
import { noiseBytes } from "../../support/noise.ts";

const size = { width: 120, height: 160 };

/** A post from row 20 to 140, 6 samples wide, over a ground that depends on the row. */
function linesOf(groundAt: (row: number, column: number) => number): readonly StraightLine[] {
  const pixels = new Uint8Array(size.width * size.height * 3);
  for (let row = 0; row < size.height; row++) {
    for (let column = 0; column < size.width; column++) {
      const isPost = column >= 57 && column < 63 && row >= 20 && row < 140;
      const level = isPost ? 128 : groundAt(row, column);
      pixels.fill(level, (row * size.width + column) * 3, (row * size.width + column + 1) * 3);
    }
  }
  const isUpright = ({ fromX, toX }: StraightLine) => Math.abs(fromX - toX) < 3;
  return findStraightLines(readChannels({ pixels, ...size })).filter(isUpright);
}

const lengthOf = ({ fromX, fromY, toX, toY }: StraightLine) => Math.hypot(toX - fromX, toY - fromY);

describe("a straight edge", () => {
  test("goes on where what is behind it becomes the darker one", () => {
    const lines = linesOf((row) => (row < 80 ? 230 : 40));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) expect(lengthOf(line)).toBeGreaterThan(110);
  });

  test("ends where it ends", () => {
    for (const line of linesOf(() => 230)) {
      expect(Math.min(line.fromY, line.toY)).toBeGreaterThan(15);
      expect(Math.max(line.fromY, line.toY)).toBeLessThan(145);
    }
  });

  test("does not go on into mere texture", () => {
    const noise = noiseBytes(size.width * size.height, 9);
    const groundAt = (row: number, column: number) =>
      row < 90 ? 230 : (noise[row * size.width + column] ?? 0);
    const posts = linesOf(groundAt).filter(({ fromX }) => Math.abs(fromX - 60) < 6);
    const isPlain = ({ fromY, toY }: StraightLine) => Math.min(fromY, toY) < 60;
    for (const { fromY, toY } of posts.filter(isPlain)) {
      expect(Math.max(fromY, toY)).toBeLessThan(150);
    }
    expect(posts.filter(isPlain).length).toBeGreaterThan(0);
  });
});
