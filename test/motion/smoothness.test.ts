import { describe, expect, test } from "bun:test";
import { createKernel, type DepthMap } from "../../src/kernel/kernel.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { type ClipRequest, createClip, pictureSize } from "../../src/motion/clip.ts";
import { motions } from "../../src/scene/plan.ts";
import { dotChartExpression, drawDotChart, measureJitter } from "../support/jitter.ts";

const kernel = await createKernel();
const size = { width: 480, height: 270 };
const frames = 60;

/** Hills whose slope is what a depth estimate may have. */
const hills: DepthMap = {
  width: 64,
  height: 36,
  samples: Float32Array.from({ length: 64 * 36 }, (_, index) => {
    const [column, row] = [index % 64, Math.floor(index / 64)];
    return 0.5 + 0.4 * Math.sin(column / 12) * Math.cos(row / 9);
  }),
};

function jitterOf(request: Pick<ClipRequest, "motion" | "camera">) {
  const crop = { left: 0, top: 0, width: 4000, height: 3000 };
  const picture = pictureSize({ ...size, crop }, { ...request, mode: "loop" });
  const pixels = drawDotChart(size, picture);
  const clip = createClip(
    kernel,
    { pixels, ...picture },
    {
      ...size,
      ...request,
      frames,
      mode: "loop",
      seed: 5,
      focal: { x: 0.5, y: 0.5 },
      depth: hills,
    },
  );
  const luma = Array.from({ length: frames }, (_, frame) =>
    clip.draw(frame).slice(0, size.width * size.height),
  );
  return measureJitter(luma, size);
}

describe("smoothness: acceleration that the camera never made, on raw frames", () => {
  test.each([...motions])("is at most 0.02 px a frame² for a flat camera in %s", (motion) => {
    const { dots, travel, accelerationNoise } = jitterOf({ motion, camera: "flat" });
    expect(dots).toBeGreaterThan(10);
    expect(travel).toBeGreaterThan(5);
    expect(accelerationNoise).toBeLessThanOrEqual(0.02);
  });

  test.each([...motions])("and no more with depth in %s", (motion) => {
    const { dots, travel, accelerationNoise } = jitterOf({ motion, camera: "parallax" });
    expect(dots).toBeGreaterThan(10);
    expect(travel).toBeGreaterThan(3);
    expect(accelerationNoise).toBeLessThanOrEqual(0.02);
  });

  test("is over 0.1 for ffmpeg's zoompan, so that the measure is known to see it", async () => {
    const media = await openMedia({ ffmpegPath: undefined });
    const turn = `2*PI*on/${frames}`;
    const zoompan = [
      `z='1.05+0.02*cos(${turn})'`,
      `x='iw/2-iw/zoom/2+8*cos(${turn})'`,
      `y='ih/2-ih/zoom/2+5*sin(${turn})'`,
      `d=${frames}:s=${size.width}x${size.height}:fps=30`,
    ].join(":");
    const chart = `color=s=${size.width}x${size.height}:d=1:r=1,format=gray`;
    const graph = `${chart},geq=lum='${dotChartExpression}',zoompan=${zoompan}`;
    const luma = await Array.fromAsync(
      media.graph({ graph, pixelFormat: "gray", ...size, frames }),
    );
    const { dots, travel, accelerationNoise } = measureJitter(luma, size);
    expect(dots).toBeGreaterThan(10);
    expect(travel).toBeGreaterThan(5);
    expect(accelerationNoise).toBeGreaterThan(0.1);
  });
});
