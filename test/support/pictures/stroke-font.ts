/**
 * Text as strokes of an SVG: the same on every machine, and there on one without any font. Glyphs
 * stand on a grid: capitals are 10 high, small letters 7, and what hangs below the line 3.
 */

export interface StrokeText {
  readonly x: number;
  /** Of the line on which the letters stand. */
  readonly y: number;
  /** Height of a capital, in pixels. */
  readonly size: number;
  readonly colour: string;
  /** Width of the strokes as a share of the size. */
  readonly weight?: number;
  readonly align?: "left" | "right";
}

const capitalHeight = 10;
const letterSpacing = 1.2;
const wordSpace = 4;

/** Lines of text as SVG; what the font has no glyph for is left out. */
export function strokeText(text: string, style: StrokeText): string {
  const { x, y, size, colour, weight = 0.13, align = "left" } = style;
  const scale = size / capitalHeight;
  const start = align === "right" ? x - textWidth(text, size) : x;
  let advance = 0;
  const paths = Array.from(text, (letter) => {
    const at = advance;
    const glyph = glyphs[letter];
    advance += advanceOf(letter);
    return glyph ? `<path transform="translate(${at.toFixed(2)} 0)" d="${glyph[1]}"/>` : "";
  });
  return (
    `<g transform="translate(${start} ${y - size}) scale(${scale})" fill="none" ` +
    `stroke="${colour}" stroke-width="${weight * capitalHeight}" stroke-linecap="round" ` +
    `stroke-linejoin="round">${paths.join("")}</g>`
  );
}

/** How wide a line of text is, in pixels. */
export function textWidth(text: string, size: number): number {
  const advance = Array.from(text, advanceOf).reduce((sum, each) => sum + each, 0);
  return ((advance - letterSpacing) * size) / capitalHeight;
}

function advanceOf(letter: string): number {
  return (glyphs[letter]?.[0] ?? wordSpace) + letterSpacing;
}

const bowl = "M6 6.5a2.7 3.5 0 1 1-5.4 0a2.7 3.5 0 1 1 5.4 0";
const arch = "M.6 6C.6 2.4 5.6 2.2 5.6 5.8V10";
const bar = "M.6 4.9H4.8";
const bellies = "M.6 10V.2H3.2C6.2 .2 6.2 4.8 3.2 4.8H.6";

/** Width and path of each glyph. */
const glyphs: { readonly [letter: string]: readonly [number, string] } = {
  a: [6.6, `${bowl}M6 3V10`],
  b: [6.6, `${bowl}M.6 0V10`],
  c: [6, "M5.6 4.4A2.7 3.5 0 1 0 5.6 8.6"],
  d: [6.6, `${bowl}M6 0V10`],
  e: [6.6, "M.6 6.5H6A2.7 3.5 0 1 0 5.2 9"],
  f: [4.6, "M5 .6C3-.2 2 .6 2 2.5V10M.4 3.4H4.4"],
  g: [6.6, `${bowl}M6 3V11C6 13 3 13.6 .9 12.4`],
  h: [6.2, `M.6 0V10${arch}`],
  i: [2.2, "M1.2 3.2V10M1.2 .6V1"],
  j: [2.6, "M2 3.2V11.4C2 12.8 1 13 0 12.6M2 .6V1"],
  k: [5.8, "M.6 0V10M5.2 3.2L.6 7M2.4 5.6L5.6 10"],
  l: [2.2, "M1.2 0V10"],
  m: [9.6, "M.6 3.2V10M.6 6C.6 2.4 4.8 2.2 4.8 5.8V10M4.8 6C4.8 2.4 9 2.2 9 5.8V10"],
  n: [6.2, `M.6 3.2V10${arch}`],
  o: [6.6, bowl],
  p: [6.6, `${bowl}M.6 3V13`],
  q: [6.6, `${bowl}M6 3V13`],
  r: [4.4, "M.6 3.2V10M.6 6.2C.8 3.6 2.6 3 4.2 3.4"],
  s: [5.8, "M5 4.2C3.6 2.6 .8 3 .8 4.8C.8 6.8 5.2 6 5.2 8.2C5.2 10.4 1.8 10.6 .6 8.8"],
  t: [4.6, "M2 1V8.4C2 10 3.2 10.2 4.4 9.8M.4 3.4H4.2"],
  u: [6.2, "M.6 3.2V7.4C.6 11 5.6 10.8 5.6 7.2M5.6 3.2V10"],
  v: [6, "M.4 3.2L3 10L5.6 3.2"],
  w: [8.8, "M.4 3.2L2.4 10L4.4 4L6.4 10L8.4 3.2"],
  x: [6, "M.5 3.2L5.5 10M5.5 3.2L.5 10"],
  y: [6, "M.4 3.2L3 9.6M5.8 3.2L3 10.2C2.4 12.4 1.4 13 .2 12.6"],
  z: [6, "M.6 3.3H5.4L.6 9.8H5.6"],
  A: [6.8, "M.2 10L3.4 .2L6.6 10M1.3 6.6H5.5"],
  B: [6.4, `${bellies}M3.2 4.8C6.8 4.8 6.8 10 3.2 10H.6`],
  C: [6.6, "M6 2C4-.8 .4 .2 .4 5C.4 10 4.2 10.8 6.2 8.2"],
  D: [6.8, "M.6 10V.2H2.6C7.6 .2 7.6 10 2.6 10Z"],
  E: [6, `M5.4 .2H.6V10H5.6${bar}`],
  F: [6, `M5.4 .2H.6V10${bar}`],
  H: [6.8, "M.6 0V10M6.2 0V10M.6 4.9H6.2"],
  I: [2.2, "M1.2 0V10"],
  L: [5.6, "M.6 0V10H5.4"],
  M: [8.8, "M.6 10V.2L4.4 7L8.2 .2V10"],
  N: [6.8, "M.6 10V.2L6.2 10V.2"],
  O: [7.4, "M3.6 .1C-.8 .1-.8 10 3.6 10C8 10 8 .1 3.6 .1"],
  P: [6.4, "M.6 10V.2H3.4C6.6 .2 6.6 5.4 3.4 5.4H.6"],
  R: [6.6, "M.6 10V.2H3.4C6.6 .2 6.6 5.4 3.4 5.4H.6M3 5.4L6.2 10"],
  S: [6.4, "M5.6 1.6C4-.6 .6 0 .8 2.6C1 5.4 5.8 4.4 5.8 7.4C5.8 10.6 1.6 10.8 .4 8.2"],
  T: [6.6, "M.2 .2H6.4M3.3 .2V10"],
  W: [9.2, "M.2 .2L2.4 10L4.6 2L6.8 10L9 .2"],
  "0": [6.4, "M3.2 .2C-.2 .2-.2 10 3.2 10C6.6 10 6.6 .2 3.2 .2"],
  "1": [4.4, "M1 2L3.4 .4V10"],
  "2": [6.4, "M.6 2.6C1-.6 5.6-.4 5.4 2.8C5.2 5.2 1 7.4 .6 10H5.8"],
  "3": [6.4, "M.8 .4H5.4L2.8 4C6.6 4 6.4 10 3 10C1.6 10 .6 9.4 .4 8.4"],
  "4": [6.4, "M4.4 10V.4L.4 7H6"],
  "5": [6.4, "M5.2 .4H1.4L1 4.6C3 3.2 5.8 4.2 5.6 7C5.4 10.4 1.4 10.6 .4 8.6"],
  "6": [6.4, "M5 .8C1.6 .4 .4 4 .6 7C.8 11 5.8 11 5.6 7C5.4 3.6 1 3.8 .6 6.6"],
  "7": [6.2, "M.6 .4H5.6L2.2 10"],
  "8": [
    6.4,
    "M3.2 .2C-.2 .2 0 4.6 3.2 4.6C6.8 4.6 6.8 10 3.2 10C-.4 10-.4 4.6 3.2 4.6C6.4 4.6 6.6 .2 3.2 .2",
  ],
  "9": [6.4, "M1.4 9.4C4.8 9.8 6 6.2 5.8 3.2C5.6-.8 .6-.8 .8 3.2C1 6.6 5.4 6.4 5.8 3.6"],
  ".": [2.2, "M1 9.8V10"],
  ",": [2.4, "M1.2 9.8L.8 11.4"],
  ":": [2.2, "M1.2 4.6V4.8M1.2 9.6V9.8"],
  "-": [4.4, "M.6 6.4H3.8"],
  "/": [4.4, "M4 0L.2 11"],
  "%": [
    8,
    "M7 .2L1 10M2 .2C.2 .2 .2 4 2 4C3.8 4 3.8 .2 2 .2M6 6.2C4.2 6.2 4.2 10 6 10C7.8 10 7.8 6.2 6 6.2",
  ],
};
