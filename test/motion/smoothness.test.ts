import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { createKernel, type DepthMap } from "../../src/kernel/kernel.ts";
import { openMedia } from "../../src/media/open-media.ts";
import { type ClipRequest, createClip, pictureSize } from "../../src/motion/clip.ts";
import { motions } from "../../src/scene/plan.ts";
import { dotChartExpression, drawDotChart, measureJitter } from "../support/jitter.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

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

type Moved = Pick<ClipRequest, "motion" | "camera">;

function clipOf(request: Moved) {
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
  return Array.from({ length: frames }, (_, frame) => clip.draw(frame).slice());
}

function jitterOf(request: Moved) {
  const pixels = size.width * size.height;
  return measureJitter(
    clipOf(request).map((frame) => frame.subarray(0, pixels)),
    size,
  );
}

/** The same clip as it comes back from a file. */
async function encodedJitterOf(request: Moved) {
  const media = await openMedia({ ffmpegPath: undefined });
  const directory = await openTemporaryDirectory();
  try {
    const path = join(directory.path, "clip.mp4");
    const encoder = media.encodeRaw({ path, ...size, fps: 30, threads: 1 });
    for (const frame of clipOf(request)) await encoder.write(frame);
    await encoder.finish();
    const luma = media.decodeRaw({ path, pixelFormat: "gray", ...size });
    return measureJitter(await Array.fromAsync(luma), size);
  } finally {
    await directory.close();
  }
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

  test.each(["flat", "parallax"] as const)("and at most 0.1 after encoding, %s", async (camera) => {
    const { dots, accelerationNoise } = await encodedJitterOf({ motion: "medium", camera });
    expect(dots).toBeGreaterThan(10);
    expect(accelerationNoise).toBeLessThanOrEqual(0.1);
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
