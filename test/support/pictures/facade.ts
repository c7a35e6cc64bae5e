import sharp from "sharp";
import { noiseBytes } from "../noise.ts";
import { renderSvg, type Size } from "./graphics.ts";

/** A place in the picture, both axes as shares of it from the top left. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** An edge that is straight in the picture. */
export interface StraightLine {
  readonly from: Spot;
  readonly to: Spot;
}

/** A wall as the camera sees it: its corners from the top left round clockwise. */
type Corners = readonly [Spot, Spot, Spot, Spot];

const corner = { x: 0.56, top: 0.1, foot: 0.9 };

const leftWall: Corners = [
  { x: 0.04, y: 0.33 },
  { x: corner.x, y: corner.top },
  { x: corner.x, y: corner.foot },
  { x: 0.04, y: 0.79 },
];
const rightWall: Corners = [
  { x: corner.x, y: corner.top },
  { x: 0.95, y: 0.36 },
  { x: 0.95, y: 0.77 },
  { x: corner.x, y: corner.foot },
];

const storeys = 6;

/** The edges of the walls and their ledges: what must stay straight in every frame. */
export const facadeLines: readonly StraightLine[] = [leftWall, rightWall].flatMap((wall) => {
  const place = perspective(wall);
  const ledges = Array.from({ length: storeys + 1 }, (_, at) => ({
    from: place(0, at / storeys),
    to: place(1, at / storeys),
  }));
  return [
    ...ledges,
    { from: place(0, 0), to: place(0, 1) },
    { from: place(1, 0), to: place(1, 1) },
  ];
});

/** A house at a corner, seen from below: straight lines in every direction, on a clear sky. */
export async function facade(size: Size): Promise<Buffer> {
  const parts = [
    `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#5f93c9"/>`,
    `<stop offset="1" stop-color="#dbe6ee"/></linearGradient></defs>`,
    `<rect width="${size.width}" height="${size.height}" fill="url(#sky)"/>`,
    polygon(size, pavement, "#7d7a76"),
    ...wallOf(size, leftWall, { wall: "#c9a27e", glass: "#38424f", bays: 9 }),
    ...wallOf(size, rightWall, { wall: "#a47c5c", glass: "#57687a", bays: 7 }),
  ];
  const drawn = await renderSvg(parts.join(""), size);
  // A drawn wall is too even for one that was photographed.
  const raw = { width: 512, height: 512, channels: 3 } as const;
  const grain = await sharp(noiseBytes(512 * 512 * 3, 3), { raw })
    .blur(0.7)
    .linear(0.3, 90)
    .png()
    .toBuffer();
  return sharp(drawn)
    .composite([{ input: grain, tile: true, blend: "soft-light" }])
    .flatten({ background: "#ffffff" })
    .jpeg({ quality: 92 })
    .toBuffer();
}

const pavement: Corners = [
  { x: 0, y: 0.76 },
  { x: 1, y: 0.75 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

interface WallLook {
  readonly wall: string;
  readonly glass: string;
  readonly bays: number;
}

function wallOf(size: Size, wall: Corners, look: WallLook): readonly string[] {
  const place = perspective(wall);
  const patch = (left: number, top: number, width: number, height: number): Corners => [
    place(left, top),
    place(left + width, top),
    place(left + width, top + height),
    place(left, top + height),
  ];
  const ledges = Array.from({ length: storeys }, (_, at) =>
    polygon(size, patch(0, at / storeys, 1, 0.012), "#efe6da"),
  );
  const windows = Array.from({ length: storeys * look.bays }, (_, at) => {
    const left = ((at % look.bays) + 0.28) / look.bays;
    const top = (Math.floor(at / look.bays) + 0.26) / storeys;
    const [width, height] = [0.44 / look.bays, 0.56 / storeys];
    return [
      polygon(size, patch(left, top, width, height), "#efe6da"),
      polygon(
        size,
        patch(left + width * 0.1, top + 0.008, width * 0.36, height - 0.02),
        look.glass,
      ),
      polygon(
        size,
        patch(left + width * 0.54, top + 0.008, width * 0.36, height - 0.02),
        look.glass,
      ),
    ].join("");
  });
  return [polygon(size, wall, look.wall), ...ledges, ...windows];
}

function polygon({ width, height }: Size, corners: Corners, fill: string): string {
  const points = corners.map(({ x, y }) => `${(x * width).toFixed(2)},${(y * height).toFixed(2)}`);
  return `<polygon points="${points.join(" ")}" fill="${fill}"/>`;
}

/**
 * Places of the unit square within a wall, so that straight lines stay straight and distances
 * shrink with depth. Heckbert: Fundamentals of texture mapping and image warping, 1989, §2.2.3.
 */
function perspective([a, b, c, d]: Corners): (u: number, v: number) => Spot {
  const [bendX, bendY] = [a.x - b.x + c.x - d.x, a.y - b.y + c.y - d.y];
  const [rightX, rightY] = [b.x - c.x, b.y - c.y];
  const [leftX, leftY] = [d.x - c.x, d.y - c.y];
  const scale = rightX * leftY - leftX * rightY;
  const g = (bendX * leftY - leftX * bendY) / scale;
  const h = (rightX * bendY - bendX * rightY) / scale;
  return (u, v) => {
    const depth = g * u + h * v + 1;
    return {
      x: ((b.x - a.x + g * b.x) * u + (d.x - a.x + h * d.x) * v + a.x) / depth,
      y: ((b.y - a.y + g * b.y) * u + (d.y - a.y + h * d.y) * v + a.y) / depth,
    };
  };
}
