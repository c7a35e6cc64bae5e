/** Drawn pictures as SVG, each of another kind, for what has to tell them from photographs. */

const words = "the quick brown fox jumps over a lazy dog while wizards box quietly".split(" ");

function svg(background: string, ...parts: readonly string[]): string {
  const sheet = `<rect width="1280" height="800" fill="${background}"/>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="800">`;
  return `${head}${sheet}${parts.join("")}</svg>`;
}

function times(count: number, draw: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => draw(index)).join("");
}

const text = (x: number, y: number, size: number, fill: string, content: string) =>
  `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" fill="${fill}">` +
  `${content}</text>`;

const sentence = (start: number, count: number) =>
  Array.from({ length: count }, (_, at) => words[(start * 3 + at * 7) % words.length]).join(" ");

const box = (x: number, y: number, width: number, height: number, fill: string, more = "") =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}" ${more}/>`;

export const drawings: Readonly<Record<string, string>> = {
  "a bar chart": svg(
    "#fff",
    times(7, (i) => box(120 + i * 150, 720 - (120 + i * 70), 100, 120 + i * 70, "#3b82f6")),
    times(6, (i) => box(90, 120 + i * 120, 1140, 1, "#ddd")),
    text(400, 50, 36, "#111", "Revenue by month"),
  ),
  "a scatter plot": svg(
    "#fff",
    times(220, (i) => {
      const place = `cx="${100 + ((i * 397) % 1080)}" cy="${80 + ((i * i * 31) % 640)}"`;
      return `<circle ${place} r="${4 + (i % 7)}" fill="hsl(${(i * 37) % 360} 70% 50%)"/>`;
    }),
  ),
  "a pie chart": svg(
    "#fafafa",
    `<path d="M640 400 L640 100 A300 300 0 0 1 900 550Z" fill="#f97316"/>`,
    `<path d="M640 400 L900 550 A300 300 0 0 1 380 550Z" fill="#22c55e"/>`,
    `<path d="M640 400 L380 550 A300 300 0 0 1 640 100Z" fill="#6366f1"/>`,
  ),
  "a dense page": svg(
    "#fff",
    times(40, (i) => text(60, 50 + i * 18, 14, "#000", sentence(i, 22))),
  ),
  "grey type on cream": svg(
    "#f4f1e8",
    times(24, (i) => text(90, 80 + i * 30, 22, "#777", sentence(i, 14))),
  ),
  "code on a dark ground": svg(
    "#282c34",
    times(26, (i) => {
      const colour = ["#c678dd", "#98c379", "#e5c07b", "#61afef"][i % 4] ?? "#abb2bf";
      return text(60 + (i % 4) * 30, 60 + i * 28, 18, colour, sentence(i, 3 + (i % 5)));
    }),
  ),
  "a slide": svg(
    "#1d4ed8",
    text(100, 200, 72, "#fff", "Quarterly results"),
    times(5, (i) => text(120, 320 + i * 70, 34, "#dbeafe", sentence(i, 6))),
  ),
  "a table": svg(
    "#fff",
    times(96, (i) => {
      const [x, y] = [60 + (i % 6) * 190, 60 + Math.floor(i / 6) * 42];
      const cell = box(x, y, 190, 42, i < 6 ? "#e0e7ff" : "#fff", 'stroke="#d1d5db"');
      return cell + text(x + 12, y + 27, 18, "#111", sentence(i, 2));
    }),
  ),
  "a square code": svg(
    "#fff",
    times(29 * 29, (i) => {
      if ((i * i * 7 + i * 13) % 11 >= 5) return "";
      return box(350 + (i % 29) * 20, 110 + Math.floor(i / 29) * 20, 20, 20, "#000");
    }),
  ),
  "a map": svg(
    "#f1ede4",
    `<path d="M0 200 L400 260 L800 120 L1280 300 V0 H0Z" fill="#bfdbfe"/>`,
    times(14, (i) => {
      const line = (path: string) => `<path d="${path}" stroke="#fff" stroke-width="7"/>`;
      return (
        line(`M${i * 100} 200L${i * 90 + 60} 800`) + line(`M0 ${260 + i * 44}L1280 ${300 + i * 40}`)
      );
    }),
    box(300, 420, 160, 120, "#bbf7d0"),
  ),
  "a comic": svg(
    "#fff",
    box(30, 30, 590, 740, "#fef3c7", 'stroke="#000" stroke-width="6"'),
    box(650, 30, 600, 360, "#fecaca", 'stroke="#000" stroke-width="6"'),
    box(650, 410, 600, 360, "#bae6fd", 'stroke="#000" stroke-width="6"'),
    `<circle cx="320" cy="450" r="150" fill="#fcd5b5" stroke="#000" stroke-width="6"/>`,
    text(780, 155, 40, "#000", "Hello there!"),
  ),
  "hills with a gradient sky": svg(
    "#fff",
    `<defs><linearGradient id="a" x2="0" y2="1"><stop stop-color="#1e3a8a"/>`,
    `<stop offset="1" stop-color="#fb923c"/></linearGradient></defs>`,
    box(0, 0, 1280, 800, "url(#a)"),
    `<circle cx="700" cy="480" r="120" fill="#fff7ed"/>`,
    `<path d="M0 600 L200 420 L420 580 L640 380 L900 600 L1280 450 V800 H0Z" fill="#312e81"/>`,
  ),
};
