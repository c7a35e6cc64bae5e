import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openOneShot } from "../../src/cli/animate/one-shot.ts";
import { modes, motions } from "../../src/scene/plan.ts";
import { pictureFixtures } from "../../test/support/pictures/picture-fixtures.ts";
import { fileOf, type GalleryCase, type GalleryOptions, parseGalleryOptions } from "./cases.ts";
import { type GalleryRow, galleryPage } from "./page.ts";
import { type CaseRecord, renderCase } from "./render-case.ts";

/**
 * Renders pictures in every motion and mode into one page with depth maps and figures, so that a
 * change to the engine can be looked at. What would come out as it is there already is not made
 * again, so a run may be stopped and taken up:
 *
 *   bun run gallery [--only lake,facade] [--motion kinetic] [--mode loop] [--long-side 640]
 *     [--seconds 4] [--seed 7] [--minutes 60] [--out dist/gallery] [--again]
 */
export async function main(args: readonly string[]): Promise<void> {
  const options = parseGalleryOptions(args);
  await mkdir(options.folder, { recursive: true });
  const endsAtMs = performance.now() + 60_000 * options.minutesMax;
  const engine = sourcesHash();
  const media = { ffmpegPath: undefined };
  const sight = { nsfwThreshold: 0.85, depthModelPath: undefined };
  const maker = await openOneShot({ media, sight, longSide: options.longSide, workersMax: 1 });
  try {
    for (const [index, each] of options.cases.entries()) {
      if (performance.now() > endsAtMs) {
        console.error(`stopped after ${options.minutesMax} minutes; run it again to go on`);
        break;
      }
      const key = await keyOf(options, each, engine);
      const kept = readRecord(options, each);
      if (kept?.key === key && kept.made && !options.again) continue;
      const record = await renderCase(maker, options, each, key);
      console.log(`${index + 1}/${options.cases.length} ${lineOf(record)}`);
      await writePage(options);
    }
  } finally {
    await maker.close();
  }
  console.log(await writePage(options));
}

async function writePage(options: GalleryOptions): Promise<string> {
  const path = join(options.folder, "index.html");
  const about = `Long side ${options.longSide} px, ${options.seconds} s, seed ${options.seed}.`;
  await Bun.write(path, galleryPage(readRows(options), about));
  return path;
}

/** Everything that was ever made into this folder, in the order of the pictures. */
function readRows(options: GalleryOptions): readonly GalleryRow[] {
  return pictureFixtures
    .map((fixture) => ({
      name: fixture.name,
      covers: fixture.covers,
      kind: fixture.kind,
      records: modes.flatMap((mode) =>
        motions
          .map((motion) => readRecord(options, { fixture, motion, mode }))
          .filter((record) => record !== undefined),
      ),
    }))
    .filter(({ records }) => records.length > 0);
}

function readRecord(options: GalleryOptions, each: GalleryCase): CaseRecord | undefined {
  const path = join(options.folder, fileOf(each, "json"));
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** A clip is made again when picture, request, or any code that has a part in it changed. */
async function keyOf(
  { longSide, seconds, seed }: GalleryOptions,
  { fixture }: GalleryCase,
  engine: string,
): Promise<string> {
  const picture = Bun.hash(await Bun.file(await fixture.path()).bytes()).toString(16);
  return [engine, picture, longSide, seconds, seed].join("-");
}

function sourcesHash(): string {
  const hash = new Bun.CryptoHasher("sha256");
  const root = join(import.meta.dir, "../../src");
  const pattern = "{kernel,scene,vision,motion,providers}/**/*.{ts,wasm}";
  for (const path of [...new Bun.Glob(pattern).scanSync({ cwd: root })].sort()) {
    hash.update(path).update(readFileSync(join(root, path)));
  }
  return hash.digest("hex").slice(0, 12);
}

function lineOf({ fixture, motion, mode, made, error }: CaseRecord): string {
  const name = `${fixture} ${mode} ${motion}`.padEnd(44);
  if (!made) return `${name} FAILED ${error}`;
  const { rawSeam, seam, jacobianMin, parallaxMax, flicker, kind, plan, renderMs } = made;
  return [
    name,
    `${kind} ${plan.camera}`.padEnd(17),
    `raw ${rawSeam.sr.toFixed(2)}/${rawSeam.ar.toFixed(2)}`,
    `file ${seam.sr.toFixed(2)}/${seam.delta.toFixed(3)}/${seam.lumaStep.toFixed(2)}`,
    `jac ${jacobianMin.toFixed(2)}`,
    `par ${parallaxMax.toFixed(1)}`,
    `flicker ${(100 * flicker).toFixed(2)} %`,
    `${renderMs.toFixed(0)} ms`,
  ].join("  ");
}

if (import.meta.main) await main(process.argv.slice(2));
