import sharp from "sharp";
import { createRandom } from "../../../src/motion/random.ts";
import { noiseBytes } from "../noise.ts";
import { renderSvg } from "./graphics.ts";

const size = { width: 1280, height: 853 };
const petals = 21;

/** A flower very near by: its petals are sharp, and behind it there are only discs of light. */
export async function macro(): Promise<Buffer> {
  const behind = await sharp(await renderSvg(background(), size))
    .blur(9)
    .toBuffer();
  const flower = await renderSvg(foreground(), size);
  const grain = await sharp(noiseBytes(size.width * size.height * 3, 5), {
    raw: { ...size, channels: 3 },
  })
    .blur(0.8)
    .linear(0.22, 99)
    .png()
    .toBuffer();
  return sharp(behind)
    .composite([{ input: flower }, { input: grain, blend: "soft-light" }])
    .flatten({ background: "#000" })
    .jpeg({ quality: 92 })
    .toBuffer();
}

function background(): string {
  const random = createRandom(21);
  const discs = Array.from({ length: 70 }, () => {
    const [x, y] = [random() * size.width, random() * size.height];
    const hue = Math.round(70 + 60 * random());
    const light = Math.round(34 + 34 * random());
    return (
      `<circle cx="${x.toFixed(0)}" cy="${y.toFixed(0)}" r="${(20 + 60 * random()).toFixed(0)}" ` +
      `fill="hsl(${hue},45%,${light}%)" fill-opacity=".45"/>`
    );
  });
  return `<rect width="100%" height="100%" fill="#27401f"/>${discs.join("")}`;
}

function foreground(): string {
  const [x, y] = [780, 400];
  const shapes = Array.from({ length: petals }, (_, at) => {
    const turn = (360 * at) / petals + (at % 2 === 0 ? 0 : 4);
    const length = at % 2 === 0 ? 300 : 268;
    return (
      `<g transform="translate(${x} ${y}) rotate(${turn.toFixed(1)})">` +
      `<path d="M-20 40C-58 ${length * 0.5} -34 ${length} 0 ${length}C34 ${length} 58 ` +
      `${length * 0.5} 20 40Z" fill="url(#petal)" stroke="#b9a3c4" stroke-width="1.5"/>` +
      `<path d="M0 60V${length - 20}" stroke="#c9b4d4" stroke-width="2" fill="none"/></g>`
    );
  });
  const random = createRandom(4);
  const seeds = Array.from({ length: 420 }, (_, at) => {
    const distance = 3.6 * Math.sqrt(at);
    const angle = at * 2.39996;
    const light = Math.round(38 + 26 * random());
    const [seedX, seedY] = [x + distance * Math.cos(angle), y + distance * Math.sin(angle)];
    return (
      `<circle cx="${seedX.toFixed(1)}" cy="${seedY.toFixed(1)}" r="3.4" ` +
      `fill="hsl(42,80%,${light}%)"/>`
    );
  });
  const stalk = `<path d="M770 470C740 620 700 760 690 900H722C732 760 772 620 800 470Z" fill="#55763a"/>`;
  return (
    `<defs><linearGradient id="petal" x2="0" y2="1"><stop stop-color="#e8d6f2"/>` +
    `<stop offset="1" stop-color="#fdfaff"/></linearGradient></defs>` +
    `${stalk}${shapes.join("")}<circle cx="${x}" cy="${y}" r="78" fill="#7a4f12"/>${seeds.join("")}`
  );
}
