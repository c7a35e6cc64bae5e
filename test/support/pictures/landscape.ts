import sharp from "sharp";
import { createNoise, type Noise } from "./noise-field.ts";

export interface LakeRequest {
  readonly width: number;
  readonly height: number;
  readonly seed: number;
}

type Colour = readonly [number, number, number];

/** Share of the height at which the far shore lies. */
export const lakeHorizon = 0.46;

/**
 * A lake as a camera might see it: clouds, two ranges of mountains, their image in the rippled
 * water, and a shore with grass near by. Every pixel is computed, so that the truth is known.
 */
export async function lake({ width, height, seed }: LakeRequest): Promise<Buffer> {
  const noise = createNoise(seed);
  const pixels = Buffer.alloc(width * height * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      // Lengths count in heights of the picture, so that a wider one shows more and not larger.
      const colour = sceneAt(noise, column / height, row / height);
      const grain = 5 * (noise.at(column * 0.9, row * 0.9) - 0.5);
      const offset = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const level = (colour[channel] ?? 0) + grain;
        pixels[offset + channel] = Math.min(255, Math.max(0, Math.round(level)));
      }
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92, chromaSubsampling: "4:4:4" })
    .toBuffer();
}

function sceneAt(noise: Noise, x: number, y: number): Colour {
  const shore =
    0.9 + 0.08 * (noise.layered(x * 1.3, 7, 4) - 0.5) - 0.1 * Math.sin(x * 1.7 + 1) ** 2;
  const blades = 0.03 * noise.layered(x * 60, 3, 2);
  if (y > shore - blades) return grassAt(noise, x, y, shore);
  if (y > lakeHorizon) return waterAt(noise, x, y);
  return aboveWater(noise, x, y);
}

/** What is behind the lake; the water asks for it upside down. */
function aboveWater(noise: Noise, x: number, y: number): Colour {
  const far = lakeHorizon - 0.26 * ridge(noise, x * 1.4, 20) - 0.02;
  const near = lakeHorizon - 0.17 * ridge(noise, x * 1.9 + 9, 40) + 0.035;
  if (y > near) return forestAt(noise, x, y);
  if (y > far) return mountainAt(noise, x, y, far);
  return skyAt(noise, x, y);
}

function ridge(noise: Noise, x: number, row: number): number {
  return 1 - Math.abs(2 * noise.layered(x, row, 5) - 1) * 1.4;
}

function skyAt(noise: Noise, x: number, y: number): Colour {
  const height = y / lakeHorizon;
  const blue: Colour = [92 + 110 * height, 142 + 80 * height, 205 + 34 * height];
  const cloud = smooth(0.5, 0.72, noise.layered(x * 2.2, y * 6 + 3, 5));
  const shade = 236 + 18 * noise.layered(x * 5, y * 9, 3);
  return mix(blue, [shade, shade, shade + 2], 0.85 * cloud);
}

function mountainAt(noise: Noise, x: number, y: number, top: number): Colour {
  const light = noise.layered(x * 9 + y * 6, y * 12 - x * 4, 4);
  const rock: Colour = [96 + 60 * light, 104 + 58 * light, 118 + 54 * light];
  const isSnow = smooth(0.13, 0.02, y - top - 0.08 * (light - 0.5));
  return mix(rock, [238, 241, 246], isSnow * smooth(0.34, 0.2, y));
}

function forestAt(noise: Noise, x: number, y: number): Colour {
  const light = noise.layered(x * 40, y * 30, 3);
  return [26 + 46 * light, 48 + 58 * light, 40 + 34 * light];
}

/** The image of what is above, shaken by ripples that are coarser near by, and bluer. */
function waterAt(noise: Noise, x: number, y: number): Colour {
  const distance = (y - lakeHorizon) / (1 - lakeHorizon);
  const scale = 14 / (0.12 + distance);
  const ripple = noise.layered(x * scale * 0.35, y * scale * 2.2, 3) - 0.5;
  const mirrored = lakeHorizon - (y - lakeHorizon) * 0.8 + ripple * 0.16 * (0.15 + distance);
  const image = aboveWater(noise, x + ripple * 0.03, Math.min(lakeHorizon, Math.abs(mirrored)));
  const glint = 70 * smooth(0.2, 0.34, ripple) * distance;
  return mix([image[0] + glint, image[1] + glint, image[2] + glint], [24, 62, 84], 0.32);
}

function grassAt(noise: Noise, x: number, y: number, shore: number): Colour {
  const depth = Math.max(0, y - shore);
  const light = noise.layered(x * 70, y * 24 - 30 * depth, 3);
  const patch = noise.layered(x * 5, y * 5, 2);
  return [52 + 78 * light * patch + 20 * patch, 72 + 96 * light, 30 + 30 * light];
}

function mix(from: Colour, to: Colour, share: number): Colour {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** 0 up to `start`, 1 from `end` on; the other way round when they are. */
function smooth(start: number, end: number, value: number): number {
  const share = Math.min(1, Math.max(0, (value - start) / (end - start)));
  return share * share * (3 - 2 * share);
}
