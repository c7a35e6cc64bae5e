import { join } from "node:path";
import sharp from "sharp";

/** The stills of the engine's benchmarks. */

const size = { width: 2560, height: 1600 };

/** A detailed picture: the bundled photographs, over and over, at their own size. */
export async function collage(): Promise<Uint8Array> {
  const samples = join(import.meta.dir, "../assets/samples");
  const tiles = [];
  for (const [index, name] of ["coffee", "rocket", "portrait", "cat"].entries()) {
    const input = await sharp(join(samples, `${name}.jpg`))
      .resize(640, 400)
      .toBuffer();
    for (let tile = index; tile < 16; tile += 4) {
      const row = Math.floor(tile / 4);
      tiles.push({ input, left: 640 * ((tile + row) % 4), top: 400 * row });
    }
  }
  const ground = { ...size, channels: 3, background: "#000" } as const;
  return sharp({ create: ground }).composite(tiles).jpeg({ quality: 92 }).toBuffer();
}

type Colour = readonly [red: number, green: number, blue: number];

const shore = 0.48 * size.height;

/** A lake before woods and hills, under clouds: something for every effect, drawn from noise. */
export async function landscape(): Promise<Uint8Array> {
  const pixels = Buffer.alloc(size.width * size.height * 3);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const colour = y < shore ? landAt(x, y) : waterAt(x, y);
      const grain = 6 * (latticeAt(x, y, 99) - 0.5);
      const offset = (y * size.width + x) * 3;
      for (const [part, level] of colour.entries())
        pixels[offset + part] = Math.min(255, Math.max(0, Math.round(level + grain)));
    }
  }
  const raw = { ...size, channels: 3 } as const;
  return sharp(pixels, { raw }).jpeg({ quality: 92 }).toBuffer();
}

function landAt(x: number, y: number): Colour {
  const hills = shore - size.height * (0.08 + 0.1 * noiseAt(x / 600, 1, 1, 4));
  const woods = shore - size.height * (0.05 + 0.06 * noiseAt(x / 40, 3, 4, 4));
  if (y > woods) {
    const leaf = noiseAt(x / 8, y / 8, 20, 4);
    return [18 + 50 * leaf, 42 + 90 * leaf, 20 + 35 * leaf];
  }
  if (y > hills) {
    const rock = noiseAt(x / 16, y / 16, 30, 4);
    return [80 + 40 * rock, 90 + 40 * rock, 115 + 30 * rock];
  }
  const cloud = Math.min(1, Math.max(0, 2 * noiseAt(x / 500, y / 220, 40, 4) - 0.8));
  const low = y / shore;
  return mixed([90 + 90 * low, 150 + 60 * low, 220 + 15 * low], [245, 243, 240], 0.6 * cloud);
}

/** The land upside down, darker, ruffled more the nearer it is. */
function waterAt(x: number, y: number): Colour {
  const near = (y - shore) / (size.height - shore);
  const ruffle = noiseAt(x / (30 + 200 * near), y / (3 + 20 * near), 60, 3) - 0.5;
  const mirrored = Math.min(
    shore - 1,
    Math.max(0, shore - 0.95 * (y - shore) + 80 * near * ruffle),
  );
  const colour = mixed(landAt(Math.round(x + 40 * near * ruffle), mirrored), [10, 30, 45], 0.35);
  const glint = Math.max(0, noiseAt(x / (10 + 40 * near), y / (1 + 5 * near), 70, 2) - 0.55);
  return mixed(colour, [255, 255, 255], Math.min(1, 2 * glint));
}

function mixed(from: Colour, to: Colour, weight: number): Colour {
  const part = (index: 0 | 1 | 2) => from[index] + (to[index] - from[index]) * weight;
  return [part(0), part(1), part(2)];
}

/** Octaves of value noise, 0 to about 1. */
function noiseAt(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const [scaledX, scaledY] = [x * 2 ** octave, y * 2 ** octave];
    const [left, top] = [Math.floor(scaledX), Math.floor(scaledY)];
    const [weightX, weightY] = [smooth(scaledX - left), smooth(scaledY - top)];
    const at = (column: number, row: number) => latticeAt(left + column, top + row, seed + octave);
    const upper = at(0, 0) + (at(1, 0) - at(0, 0)) * weightX;
    const lower = at(0, 1) + (at(1, 1) - at(0, 1)) * weightX;
    sum += (upper + (lower - upper) * weightY) / 2 ** (octave + 1);
  }
  return sum;
}

function smooth(value: number): number {
  return value * value * (3 - 2 * value);
}

/** A number from 0 up to 1 for a place of a lattice, always the same. */
function latticeAt(x: number, y: number, seed: number): number {
  let mixing = Math.imul(x, 374_761_393) + Math.imul(y, 668_265_263) + Math.imul(seed, 974_634_777);
  mixing = Math.imul(mixing ^ (mixing >>> 13), 1_274_126_177);
  return ((mixing ^ (mixing >>> 16)) >>> 0) / 2 ** 32;
}
