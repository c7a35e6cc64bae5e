import { describe, expect, test } from "bun:test";
import { isSeamlessFile, isSeamlessMotion, measureSeam } from "../../src/loop/seam.ts";
import { codeOf } from "../support/app-error.ts";
import { rampFrame } from "../support/frames.ts";

const size = { width: 96, height: 54 };
const luma = (shift: number) =>
  rampFrame(size.width, size.height, shift).slice(0, size.width * size.height);
const clip = (shifts: readonly number[]) => measureSeam(shifts.map(luma), size);

const frames = 24;
/** Once around, evenly. */
const evenly = Array.from({ length: frames }, (_, frame) => (frame * size.width) / frames);

describe("the seam of a loop", () => {
  test("that goes on evenly is one more step of it", async () => {
    const seam = await clip(evenly);
    expect(seam.sr).toBeWithin(0.9, 1.1);
    expect(seam.ar).toBeWithin(0.9, 1.1);
    expect(Math.abs(seam.delta)).toBeLessThan(0.01);
    expect(seam.lumaStep).toBeLessThan(0.5);
    expect([isSeamlessMotion(seam), isSeamlessFile(seam)]).toEqual([true, true]);
  });

  test("that jumps back is told from it", async () => {
    const seam = await clip(evenly.slice(0, 15));
    expect(seam.sr).toBeGreaterThan(10);
    expect(seam.ar).toBeGreaterThan(3);
    expect(seam.delta).toBeGreaterThan(0.2);
    expect([isSeamlessMotion(seam), isSeamlessFile(seam)]).toEqual([false, false]);
  });

  test("that stands still for a frame is no jump but a jerk", async () => {
    const seam = await clip([...evenly, 0]);
    expect(seam.sr).toBeCloseTo(0);
    expect(seam.ar).toBeGreaterThan(1.4);
    expect(isSeamlessMotion(seam)).toBe(false);
  });

  test("of a clip in which nothing moves is nothing", async () => {
    expect(await clip([5, 5, 5, 5])).toEqual({ sr: 0, ar: 0, delta: 0, lumaStep: 0 });
  });

  test("that grows brighter and falls back has a luma step", async () => {
    const brighter = evenly.map((shift, frame) => luma(shift).map((level) => level + frame / 8));
    const seam = await measureSeam(brighter, size);
    expect(seam.lumaStep).toBeWithin(2, 3.5);
    expect(isSeamlessFile(seam)).toBe(false);
  });

  test("is measured from frames as they come", async () => {
    async function* coming() {
      for (const shift of evenly) yield luma(shift);
    }
    expect(await measureSeam(coming(), size)).toEqual(await clip(evenly));
  });

  test.each([0, 1, 2, 3])("cannot be measured with %d frames", async (count) => {
    expect(await codeOf(clip(evenly.slice(0, count)))).toBe("i2v_failed");
  });
});

describe("the gates", () => {
  const good = { sr: 1, ar: 1, delta: 0, lumaStep: 0 };
  test.each([
    ["the best", good, true, true],
    ["raw frames at their limits", { ...good, sr: 1.4, ar: 1.4 }, true, true],
    ["raw frames past the first", { ...good, sr: 1.41 }, false, true],
    ["raw frames past the second", { ...good, ar: 1.41 }, false, true],
    ["a file at its limits", { ...good, sr: 2, delta: 0.3, lumaStep: 1 }, false, true],
    ["a file whose frames hardly differ anyway", { ...good, sr: 3, delta: 0.02 }, false, true],
    ["a file that jumps", { ...good, sr: 2.01, delta: 0.021 }, false, false],
    ["a file that flickers", { ...good, lumaStep: 1.01 }, true, false],
  ])("for %s", (_, seam, motion, file) => {
    expect([isSeamlessMotion(seam), isSeamlessFile(seam)]).toEqual([motion, file]);
  });
});
