import { describe, expect, test } from "bun:test";
import { frameStill } from "../../src/scene/framing.ts";
import { aspects } from "../../src/scene/plan.ts";

const centre = { x: 0.5, y: 0.5 };

/** Still, aspect, long side asked for, clip: the sizes that are promised. */
const sizes = [
  [[4000, 3000], "16:9", 1280, [1280, 720]],
  [[4000, 3000], "9:16", 1280, [720, 1280]],
  [[4000, 3000], "1:1", 1280, [960, 960]],
  [[4000, 3000], "preserve", 1280, [1280, 960]],
  [[3000, 4000], "preserve", 1280, [960, 1280]],
  [[600, 400], "preserve", 1280, [1200, 800]],
  [[1000, 667], "preserve", 1280, [1280, 854]],
  [[4096, 1024], "preserve", 1280, [1280, 320]],
  [[4096, 256], "preserve", 1280, [1280, 80]],
  // Never more than twice the source.
  [[256, 256], "16:9", 1280, [512, 288]],
  [[256, 256], "9:16", 1280, [288, 512]],
  [[256, 256], "1:1", 1280, [512, 512]],
  [[256, 256], "preserve", 1280, [512, 512]],
  [[451, 300], "16:9", 1280, [902, 506]],
  [[451, 300], "9:16", 1280, [336, 600]],
  [[451, 300], "1:1", 1280, [600, 600]],
  [[640, 427], "16:9", 1280, [1280, 720]],
  // Other long sides.
  [[4000, 3000], "16:9", 256, [256, 144]],
  [[4000, 3000], "9:16", 320, [180, 320]],
  [[4000, 3000], "1:1", 320, [240, 240]],
  [[4000, 3000], "16:9", 1920, [1920, 1080]],
] as const;

describe("frameStill", () => {
  test.each(sizes)("%j as %s at %d is %j", (still, aspect, longSide, clip) => {
    const [width, height] = still;
    const framing = frameStill({ still: { width, height }, aspect, longSide, focal: centre });
    expect([framing.width, framing.height]).toEqual([...clip]);
  });

  test("any still gives an even clip, and a crop of its shape that lies inside the still", () => {
    for (const width of [256, 257, 300, 451, 999, 4096]) {
      for (const height of [256, 259, 640, 1023, 4096]) {
        for (const aspect of aspects) {
          for (const focal of [centre, { x: 0, y: 1 }, { x: 1, y: 0 }]) {
            const clip = frameStill({ still: { width, height }, aspect, longSide: 1280, focal });
            const { crop } = clip;
            expect([clip.width % 2, clip.height % 2]).toEqual([0, 0]);
            expect(Math.max(clip.width, clip.height)).toBeLessThanOrEqual(1280);
            expect(clip.width).toBeLessThanOrEqual(2 * crop.width + 1);
            expect(clip.height).toBeLessThanOrEqual(2 * crop.height + 1);
            expect(Math.min(crop.left, crop.top)).toBeGreaterThanOrEqual(0);
            expect(crop.left + crop.width).toBeLessThanOrEqual(width);
            expect(crop.top + crop.height).toBeLessThanOrEqual(height);
            // No more than the rounding of one source pixel.
            const slant = crop.width - (crop.height * clip.width) / clip.height;
            expect(Math.abs(slant)).toBeLessThanOrEqual(Math.max(1, clip.width / clip.height));
          }
        }
      }
    }
  });

  test("the crop holds the subject in its middle where the still reaches that far", () => {
    const still = { width: 2000, height: 1000 };
    const at = (x: number) =>
      frameStill({ still, aspect: "1:1", longSide: 1280, focal: { x, y: 0 } });
    expect(at(0.5).crop).toEqual({ left: 500, top: 0, width: 1000, height: 1000 });
    expect(at(0.4).crop.left).toBe(300);
    expect(at(0.1).crop.left).toBe(0);
    expect(at(1).crop.left).toBe(1000);
  });
});
