import sharp from "sharp";
import { createRandom } from "../../../src/motion/random.ts";
import { strokeText } from "./stroke-font.ts";

/** Pictures that were drawn and not taken: their lines are straight and their type is sharp. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

interface Theme {
  readonly ground: string;
  readonly panel: string;
  readonly line: string;
  readonly ink: string;
  readonly faint: string;
  readonly accent: string;
}

const lightTheme: Theme = {
  ground: "#f3f4f6",
  panel: "#ffffff",
  line: "#d5d9e0",
  ink: "#1f2733",
  faint: "#8a93a3",
  accent: "#2f6fed",
};
const darkTheme: Theme = {
  ground: "#14171c",
  panel: "#1d2128",
  line: "#333a45",
  ink: "#e7eaf0",
  faint: "#8b94a4",
  accent: "#5b93ff",
};

/** Renders SVG to pixels. */
export async function renderSvg(body: string, { width, height }: Size): Promise<Buffer> {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`;
  return sharp(Buffer.from(`${open}${body}</svg>`))
    .png()
    .toBuffer();
}

interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly stroke?: string;
  readonly radius?: number;
}

function box({ x, y, width, height, fill, stroke, radius = 0 }: Rectangle): string {
  const edge = stroke === undefined ? "" : ` stroke="${stroke}"`;
  return (
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" ` +
    `fill="${fill}"${edge}/>`
  );
}

const screenSize: Size = { width: 1440, height: 900 };

/** A program's window: a title bar, a list at the side, a table, buttons and a small chart. */
export function screenshot(theme: "light" | "dark"): Promise<Buffer> {
  const colours = theme === "light" ? lightTheme : darkTheme;
  const parts = [
    box({ x: 0, y: 0, ...screenSize, fill: colours.ground }),
    titleBar(colours),
    sideList(colours),
    tiles(colours),
    table(colours),
  ];
  return renderSvg(parts.join(""), screenSize);
}

function titleBar({ panel, line, ink, faint, accent }: Theme): string {
  const dots = ["#ee6a5f", "#f5bd4f", "#61c454"].map(
    (fill, at) => `<circle cx="${28 + 24 * at}" cy="28" r="7" fill="${fill}"/>`,
  );
  return [
    box({ x: 0, y: 0, width: 1440, height: 56, fill: panel }),
    box({ x: 0, y: 55, width: 1440, height: 1, fill: line }),
    ...dots,
    strokeText("Motion report", { x: 130, y: 34, size: 13, colour: ink, weight: 0.16 }),
    box({ x: 1010, y: 14, width: 250, height: 28, fill: panel, stroke: line, radius: 6 }),
    strokeText("find a clip", { x: 1024, y: 33, size: 10, colour: faint }),
    box({ x: 1280, y: 14, width: 132, height: 28, fill: accent, radius: 6 }),
    strokeText("Render again", { x: 1298, y: 33, size: 10.5, colour: "#ffffff", weight: 0.15 }),
  ].join("");
}

const entries = ["Overview", "Clips", "Sources", "Events", "Limits", "Members", "Hooks"];

function sideList({ panel, line, ink, faint, ground, accent }: Theme): string {
  const rows = entries.flatMap((entry, at) => {
    const y = 96 + 40 * at;
    const chosen = at === 1;
    return [
      chosen ? box({ x: 12, y: y - 8, width: 196, height: 34, fill: ground, radius: 6 }) : "",
      box({ x: 26, y, width: 16, height: 16, fill: chosen ? accent : line, radius: 3 }),
      strokeText(entry, { x: 56, y: y + 13, size: 11, colour: chosen ? ink : faint }),
    ];
  });
  return [
    box({ x: 0, y: 56, width: 220, height: 844, fill: panel }),
    box({ x: 220, y: 56, width: 1, height: 844, fill: line }),
    ...rows,
  ].join("");
}

function tiles({ panel, line, ink, faint, accent }: Theme): string {
  return ["Made today", "Waiting", "Seam below 1.4"]
    .flatMap((name, at) => {
      const x = 252 + 396 * at;
      const bars = [18, 34, 26, 46, 38, 58, 52, 66].map((height, bar) =>
        box({ x: x + 190 + 20 * bar, y: 180 - height, width: 12, height, fill: accent }),
      );
      return [
        box({ x, y: 88, width: 372, height: 116, fill: panel, stroke: line, radius: 8 }),
        strokeText(name, { x: x + 20, y: 124, size: 11, colour: faint }),
        strokeText(["318", "12", "97%"][at] ?? "", {
          x: x + 20,
          y: 180,
          size: 30,
          colour: ink,
          weight: 0.12,
        }),
        ...bars,
      ];
    })
    .join("");
}

const columns = [276, 560, 780, 960, 1140];

function table({ panel, line, ink, faint }: Theme): string {
  const head = ["clip", "made from", "motion", "length", "bytes"].map((name, at) =>
    strokeText(name, { x: columns[at] ?? 0, y: 262, size: 10, colour: faint }),
  );
  const rows = Array.from({ length: 15 }, (_, row) => {
    const y = 306 + 38 * row;
    const cells = [
      `harbour-${1204 + 37 * row}`,
      row % 3 === 0 ? "photo" : "upload",
      ["subtle", "medium", "kinetic"][row % 3] ?? "",
      `${2 + (row % 7)} s`,
      `${131 + ((row * 7919) % 870)} 000`,
    ].map((cell, at) =>
      strokeText(cell, { x: columns[at] ?? 0, y, size: 10.5, colour: at === 0 ? ink : faint }),
    );
    return [...cells, box({ x: 252, y: y + 13, width: 1164, height: 1, fill: line })].join("");
  });
  const frame = { x: 252, y: 232, width: 1164, height: 640 };
  return [box({ ...frame, fill: panel, stroke: line, radius: 8 }), ...head, ...rows].join("");
}

const words = (
  "a still picture gains depth and life when the camera moves a little around what matters in it " +
  "near things pass before far ones and light wanders over the ground at the end all is as it " +
  "was so nobody sees where it began"
).split(" ");

/** A page of type on paper: two sizes, even margins, ragged right. */
export function textPage(): Promise<Buffer> {
  const size = { width: 900, height: 1200 };
  const random = createRandom(11);
  const colour = "#22201c";
  const lines = Array.from({ length: 34 }, (_, at) => {
    let line = "";
    while (line.length < 62) line += `${words[Math.floor(random() * words.length)]} `;
    const isLast = at % 9 === 8;
    const text = isLast ? line.slice(0, 24) : line.trim();
    return strokeText(text, { x: 90, y: 230 + 27 * at, size: 11, colour });
  });
  const paper = box({ x: 0, y: 0, ...size, fill: "#fbf9f4" });
  const title = strokeText("On moving pictures", { x: 90, y: 150, size: 30, colour, weight: 0.14 });
  return renderSvg([paper, title, ...lines].join(""), size);
}

/** Bars, a line and a grid, with numbers on both axes. */
export function chart(): Promise<Buffer> {
  const size = { width: 1200, height: 800 };
  const values = [210, 260, 240, 330, 300, 390, 430, 410, 480, 520, 470, 560];
  const grid = Array.from({ length: 7 }, (_, at) => {
    const y = 700 - 90 * at;
    return [
      `<path d="M110 ${y}H1150" stroke="#d9dde3"/>`,
      strokeText(String(at * 20), { x: 90, y: y + 6, size: 13, colour: "#667", align: "right" }),
    ].join("");
  });
  const bars = values.map((height, at) =>
    box({ x: 132 + 86 * at, y: 700 - height, width: 52, height, fill: "#4c78a8" }),
  );
  const labels = values.map((_, at) =>
    strokeText(String(at + 1), { x: 150 + 86 * at, y: 730, size: 13, colour: "#667" }),
  );
  const points = values.map((height, at) => `${158 + 86 * at},${640 - 0.8 * height}`).join(" ");
  const line = `<polyline points="${points}" fill="none" stroke="#e45756" stroke-width="4"/>`;
  const ground = box({ x: 0, y: 0, ...size, fill: "#ffffff" });
  const name = "Clips made in each month";
  const title = strokeText(name, { x: 110, y: 70, size: 24, colour: "#223" });
  return renderSvg([ground, title, ...grid, ...bars, ...labels, line].join(""), size);
}

const mark =
  `<circle cx="400" cy="340" r="180" fill="#ff5d3b"/>` +
  `<path d="M330 240L510 340L330 440Z" fill="#fff"/>` +
  `<path d="M196 560C300 500 500 620 604 560" stroke="#1d2433" stroke-width="22" fill="none"/>`;

/** A mark and a name, on white or on nothing at all. */
export function logo(ground: "white" | "transparent"): Promise<Buffer> {
  const size = { width: 800, height: 800 };
  const back = ground === "white" ? box({ x: 0, y: 0, ...size, fill: "#fff" }) : "";
  const name = strokeText("Bramble", { x: 236, y: 690, size: 60, colour: "#1d2433", weight: 0.16 });
  return renderSvg(back + mark + name, size);
}

/** Ink on paper: a boat, waves and hatching, and no grey but that of the edges. */
export function lineArt(): Promise<Buffer> {
  const size = { width: 1000, height: 800 };
  const waves = Array.from({ length: 9 }, (_, row) => {
    const y = 560 + 24 * row;
    const swell = Array.from({ length: 12 }, () => "q21 -14 42 0t42 0").join("");
    return `<path d="M${-20 - 13 * row} ${y}${swell}"/>`;
  });
  const hatching = Array.from({ length: 22 }, (_, at) => {
    const x = 330 + 15 * at;
    return `<path d="M${x} 500L${x - 24} 540"/>`;
  });
  const boat = [
    `<path d="M250 480H760L690 560H330Z"/>`,
    `<path d="M500 480V120M500 130L720 440H500M490 160L310 440H490"/>`,
    `<path d="M500 120L560 138L500 156"/>`,
    `<circle cx="830" cy="160" r="62"/>`,
    `<path d="M90 210q30-34 60 0q30-34 60 0M160 150q22-26 44 0q22-26 44 0"/>`,
  ];
  const ink = `fill="none" stroke="#111" stroke-width="4" stroke-linecap="round"`;
  const ground = box({ x: 0, y: 0, ...size, fill: "#fff" });
  return renderSvg(`${ground}<g ${ink}>${[...boat, ...hatching, ...waves].join("")}</g>`, size);
}

/** A landscape of flat colours, as illustrators draw it. */
export function illustration(): Promise<Buffer> {
  const size = { width: 1280, height: 800 };
  const houses = ["#e76f51", "#f4a261", "#e9c46a", "#f08a76"].map((fill, at) => {
    const x = 300 + 150 * at;
    const y = 430 - 24 * (at % 2);
    return (
      `<path d="M${x} 600V${y}L${x + 55} ${y - 60}L${x + 110} ${y}V600Z" fill="${fill}"/>` +
      `<rect x="${x + 40}" y="${y + 60}" width="30" height="40" fill="#264653"/>`
    );
  });
  const parts = [
    box({ x: 0, y: 0, ...size, fill: "#a8dadc" }),
    `<circle cx="1020" cy="170" r="80" fill="#ffe8a3"/>`,
    `<path d="M0 470L240 260L470 470L700 210L980 470L1160 330L1280 430V800H0Z" fill="#6d9dc5"/>`,
    `<path d="M0 560C300 470 500 600 800 540S1180 500 1280 560V800H0Z" fill="#80b192"/>`,
    ...houses,
    `<path d="M0 620C340 560 760 680 1280 600V800H0Z" fill="#3f7d58"/>`,
  ];
  return renderSvg(parts.join(""), size);
}
