import { isSeamlessFile, isSeamlessMotion, type Seam, seamWidth } from "../../src/loop/seam.ts";
import type { CaseRecord } from "./render-case.ts";

/** A picture and all clips that were made of it. */
export interface GalleryRow {
  readonly name: string;
  readonly covers: string;
  /** What it should be taken for. */
  readonly kind: string;
  readonly records: readonly CaseRecord[];
}

/** The least change of area that nothing may fall below. */
const jacobianMin = 0.3;
const flickerMax = 0.01;

/**
 * The gallery as one page: every clip plays while it is in view, and what misses its bound is
 * marked. It asks nobody for anything but the files beside it.
 */
export function galleryPage(rows: readonly GalleryRow[], about: string): string {
  const names = rows.map(({ name }) => `<a href="#${name}">${name}</a>`).join(" ");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="dark light">
<title>Gallery of the motion engine</title>
<style>${style}</style>
<h1>Gallery of the motion engine</h1>
<p>${escapeHtml(about)}</p>
<nav>${names}</nav>
${rows.map(sectionOf).join("\n")}
<script>${script}</script>
</html>
`;
}

function sectionOf({ name, covers, kind, records }: GalleryRow): string {
  const [first] = records.filter(({ made }) => made !== undefined);
  const said = first?.made
    ? `taken for ${first.made.kind}, ${JSON.stringify(first.made.plan)}`
    : "nothing made";
  const isWrong = first?.made !== undefined && kind !== "either" && first.made.kind !== kind;
  return `<section id="${name}">
<h2>${escapeHtml(name)} <small>${escapeHtml(covers)}, a ${kind}</small></h2>
<p${isWrong ? ' class="bad"' : ""}>${escapeHtml(said)}<br>${escapeHtml(first?.made?.caption ?? "")}</p>
<div class="clips">${records.map(figureOf).join("")}</div>
</section>`;
}

function figureOf({ fixture, motion, mode, made, error }: CaseRecord): string {
  const file = `${fixture}/${mode}-${motion}`;
  const title = `${mode}, ${motion}`;
  if (!made) {
    return `<figure><figcaption>${title}: <b class="bad">${escapeHtml(error ?? "")}</b></figcaption></figure>`;
  }
  const loops = mode === "loop";
  // The bounds of a file hold for one that is scaled down to be measured.
  const isMeasuredSmaller = Math.max(made.width, made.height) >= 2 * seamWidth;
  const facts = [
    seamFact("raw", made.rawSeam, !loops || isSeamlessMotion(made.rawSeam)),
    seamFact("file", made.seam, !loops || !isMeasuredSmaller || isSeamlessFile(made.seam)),
    fact(`min Jacobian ${made.jacobianMin.toFixed(2)}`, made.jacobianMin >= jacobianMin),
    fact(`flicker ${(100 * made.flicker).toFixed(2)} %`, made.flicker <= flickerMax),
    fact(`parallax ${made.parallaxMax.toFixed(1)} px`, true),
    fact(`zoom ${made.zoom.map((zoom) => zoom.toFixed(3)).join("…")}`, true),
    fact(`${made.width}×${made.height}, ${(made.bytes / 1000).toFixed(0)} kB`, true),
    fact(`sight ${made.sightMs.toFixed(0)} ms, render ${made.renderMs.toFixed(0)} ms`, true),
  ];
  return `<figure>
<video src="${file}.mp4" width="${made.width}" height="${made.height}" muted loop playsinline preload="none"></video>
<figcaption><b>${title}</b> <a href="${file}.png">sheet</a><br>${facts.join(" · ")}</figcaption>
</figure>`;
}

function seamFact(name: string, { sr, ar, delta, lumaStep }: Seam, isGood: boolean): string {
  const figures = [
    `SR ${sr.toFixed(2)}`,
    `AR ${ar.toFixed(2)}`,
    `Δ ${delta.toFixed(4)}`,
    `luma ${lumaStep.toFixed(2)}`,
  ];
  return fact(`${name} ${figures.join(" ")}`, isGood);
}

function fact(text: string, isGood: boolean): string {
  return isGood ? text : `<b class="bad">${text}</b>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const style = `
:root { color-scheme: dark light; --ground: #16181c; --ink: #e6e8ec; --faint: #98a0ad;
  --bad: #ff7b6b; }
@media (prefers-color-scheme: light) {
  :root { --ground: #fafafa; --ink: #1c1f25; --faint: #5c6470; --bad: #b3261e; }
}
body { margin: 1.5rem; background: var(--ground); color: var(--ink);
  font: 14px/1.45 system-ui, sans-serif; }
nav { display: flex; flex-wrap: wrap; gap: .25rem .75rem; }
a { color: inherit; }
section { border-top: 1px solid var(--faint); margin-top: 2rem; }
section > p { color: var(--faint); overflow-wrap: anywhere; }
.clips { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 1rem; }
figure { margin: 0; }
video { width: 100%; height: auto; background: #0008; }
figcaption, small { color: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
.bad { color: var(--bad); }`;

/** Three hundred clips at once are too many for any browser: those in view play. */
const script = `
const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const watcher = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting && !isCalm) target.play(); else target.pause();
  }
});
for (const video of document.querySelectorAll("video")) {
  video.controls = isCalm;
  watcher.observe(video);
}`;
