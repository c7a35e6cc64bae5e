import type { Sharp } from "sharp";
import type { DepthMap } from "../../kernel/kernel.ts";
import type { ClipInfo, Media } from "../../media/media.ts";
import { loadSharp } from "../../media/picture/sharp.ts";
import { lookAtStill } from "../../motion/sight.ts";
import { frameStill } from "../../scene/framing.ts";
import type { Aspect, Mode, Motion, Plan } from "../../scene/plan.ts";
import { measureStill } from "../../scene/still.ts";
import { windowOf } from "../../scene/window.ts";

/** A clip and what it was made of, to be looked at side by side. */
export interface SheetRequest {
  readonly sourcePath: string;
  readonly clipPath: string;
  readonly clip: ClipInfo;
  readonly motion: Motion;
  readonly mode: Mode;
  readonly aspect: Aspect;
  readonly plan: Plan;
  readonly signal: AbortSignal;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Bytes of RGB, rows without gaps. */
interface Picture extends Size {
  readonly pixels: Uint8Array;
}

interface Tile {
  readonly label: string;
  readonly image: Sharp;
}

type LoadedSharp = Awaited<ReturnType<typeof loadSharp>>;

const tileSideMax = 480;
const gap = 8;
const columns = 4;
const ground = "#202226";
/** Differences are this much stronger than they are. */
const differenceGain = 8;

/**
 * A PNG of eight tiles. Above: the still and three frames. Below: depth (white is near), and where
 * the ends of the clip differ most, both of them and their difference, enlarged. The ends of a clip
 * that plays once are its last frame and the still. @throws AppError as `Media.decodeRaw`.
 */
export async function drawContactSheet(
  media: Pick<Media, "decodeRaw">,
  request: SheetRequest,
): Promise<Uint8Array> {
  const sharp = await loadSharp();
  const { clip } = request;
  const { still, depth } = await readSource(sharp, request);
  const scale = Math.min(1, tileSideMax / Math.max(clip.width, clip.height));
  const tile = { width: evenly(clip.width * scale), height: evenly(clip.height * scale) };
  const tiles: Tile[] = [
    { label: "still", image: sharpOf(sharp, still) },
    ...(await readFrames(sharp, media, request, tile)),
    { label: "depth", image: depthImage(sharp, depth, tile) },
    ...(await endTiles(sharp, media, request, still)),
  ];
  return compose(sharp, tiles, tile);
}

/** The part of the still that the clip shows, at the clip's size, and how near all of it is. */
async function readSource(sharp: LoadedSharp, request: SheetRequest) {
  const { clip, plan, aspect, sourcePath } = request;
  const size = { width: clip.width, height: clip.height };
  const still = await measureStill(sourcePath);
  const longSide = Math.max(size.width, size.height);
  const { crop } = frameStill({ still, aspect, longSide, focal: plan.focal });
  const pixels = await sharp(sourcePath, { autoOrient: true })
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .extract({ ...crop })
    .resize(size.width, size.height, { fit: "fill" })
    .raw()
    .toBuffer();
  const sight = await lookAtStill(request, windowOf(crop, still));
  return { still: { pixels, ...size }, depth: sight.relief?.depth };
}

async function readFrames(
  sharp: LoadedSharp,
  media: Pick<Media, "decodeRaw">,
  { clipPath, clip, signal }: SheetRequest,
  tile: Size,
): Promise<readonly Tile[]> {
  const wanted = [1, 2, 3].map((quarter) => Math.floor((quarter * clip.frames) / 4));
  const tiles: Tile[] = [];
  const spec = { path: clipPath, pixelFormat: "rgb24", ...tile } as const;
  let frame = 0;
  for await (const pixels of media.decodeRaw(spec, { signal })) {
    const image = () => sharpOf(sharp, { pixels: pixels.slice(), ...tile });
    if (wanted.includes(frame)) tiles.push({ label: `frame ${frame}`, image: image() });
    frame++;
  }
  return tiles;
}

function depthImage(sharp: LoadedSharp, depth: DepthMap | undefined, tile: Size): Sharp {
  if (!depth) return sharp({ create: { ...tile, channels: 3, background: "#808080" } });
  const { width, height, samples } = depth;
  const pixels = Uint8Array.from(samples, (near) => 255 * Math.min(1, Math.max(0, near)));
  return sharp(pixels, { raw: { width, height, channels: 1 } }).toColourspace("srgb");
}

/** Both ends of the clip and how they differ, in the ninth of the picture where they do most. */
async function endTiles(
  sharp: LoadedSharp,
  media: Pick<Media, "decodeRaw">,
  { clipPath, clip, mode, signal }: SheetRequest,
  still: Picture,
): Promise<readonly Tile[]> {
  const read = async (frame: number): Promise<Picture> => {
    const spec = { path: clipPath, pixelFormat: "rgb24", frame } as const;
    const [pixels = new Uint8Array()] = await Array.fromAsync(media.decodeRaw(spec, { signal }));
    return { pixels, width: clip.width, height: clip.height };
  };
  const last = await read(clip.frames - 1);
  const plays = mode === "animate-in" ? "still" : "first";
  const other = plays === "still" ? still : await read(0);
  const difference = {
    ...last,
    pixels: last.pixels.map((level, at) =>
      Math.min(255, differenceGain * Math.abs(level - (other.pixels[at] ?? level))),
    ),
  };
  const window = mostDifferent(difference);
  const tile = (label: string, picture: Picture): Tile => ({
    label,
    image: sharpOf(sharp, picture).extract(window),
  });
  return [
    tile(`frame ${clip.frames - 1}, enlarged`, last),
    tile(`${plays === "still" ? "still" : "frame 0"}, enlarged`, other),
    tile(`difference x${differenceGain}`, difference),
  ];
}

const cellsAcross = 9;
const cellsOfWindow = 3;

/** The third of the width and of the height in which a picture is brightest. */
function mostDifferent({ pixels, width, height }: Picture) {
  const sums = new Float64Array(cellsAcross ** 2);
  const cellOf = (at: number, size: number) => Math.floor((at * cellsAcross) / size);
  for (let row = 0; row < height; row++) {
    const start = cellOf(row, height) * cellsAcross;
    for (let column = 0; column < width; column++) {
      const cell = start + cellOf(column, width);
      sums[cell] = (sums[cell] ?? 0) + (pixels[(row * width + column) * 3 + 1] ?? 0);
    }
  }
  let best = { sum: -1, column: 0, row: 0 };
  for (let row = 0; row <= cellsAcross - cellsOfWindow; row++) {
    for (let column = 0; column <= cellsAcross - cellsOfWindow; column++) {
      const sum = windowSum(sums, column, row);
      if (sum > best.sum) best = { sum, column, row };
    }
  }
  return {
    left: Math.floor((best.column * width) / cellsAcross),
    top: Math.floor((best.row * height) / cellsAcross),
    width: Math.floor((cellsOfWindow * width) / cellsAcross),
    height: Math.floor((cellsOfWindow * height) / cellsAcross),
  };
}

function windowSum(sums: Float64Array, column: number, row: number): number {
  let sum = 0;
  for (let down = row; down < row + cellsOfWindow; down++) {
    for (let across = column; across < column + cellsOfWindow; across++) {
      sum += sums[down * cellsAcross + across] ?? 0;
    }
  }
  return sum;
}

async function compose(
  sharp: LoadedSharp,
  tiles: readonly Tile[],
  { width, height }: Size,
): Promise<Uint8Array> {
  const layers = await Promise.all(
    tiles.map(async ({ label, image }, at) => ({
      input: await image
        .resize(width, height, { fit: "fill" })
        .composite([{ input: labelOf(label, width), gravity: "southwest" }])
        .png()
        .toBuffer(),
      left: gap + (at % columns) * (width + gap),
      top: gap + Math.floor(at / columns) * (height + gap),
    })),
  );
  const create = {
    width: gap + columns * (width + gap),
    height: gap + Math.ceil(tiles.length / columns) * (height + gap),
    channels: 3,
    background: ground,
  } as const;
  return sharp({ create }).composite(layers).png().toBuffer();
}

/** On a machine without fonts the strips stay empty; the order of the tiles is always the same. */
function labelOf(label: string, tileWidth: number): Buffer {
  const width = Math.min(tileWidth, 16 + 8 * label.length);
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="22">` +
      `<rect width="100%" height="100%" fill="#000" fill-opacity=".6"/>` +
      `<text x="8" y="16" font-family="sans-serif" font-size="13" fill="#fff">${label}</text></svg>`,
  );
}

function sharpOf(sharp: LoadedSharp, { pixels, width, height }: Picture): Sharp {
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

function evenly(side: number): number {
  return Math.max(2, 2 * Math.round(side / 2));
}
