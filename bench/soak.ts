import { join } from "node:path";
import { makeClip, openStillOrigin, sampleStill } from "./clips.ts";
import { rssBytes } from "./measure/gate.ts";
import { parseOptions, wholeNumber } from "./measure/options.ts";
import { printReport } from "./measure/report.ts";
import { median } from "./measure/windows.ts";
import { seedProject } from "./seed.ts";
import { startOurs } from "./servers/ours.ts";
import { makeScratch, type Server, withCleanup } from "./servers/server.ts";

/**
 * A thousand small clips in a row: resident memory at the end against that after the first two
 * hundred. Takes minutes, so it is not part of the checks: `bun bench/main.ts soak [--clips 1000]`.
 */

const stillSide = 256;
const clipsAtOnce = 2;
/** Memory is the median over this many clips around the moment it is asked for. */
const span = 20;

export async function benchSoak(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { clips: "string" });
  const clips = wholeNumber("clips", options.flag("clips") ?? "1000", { min: 100, max: 100_000 });
  const early = Math.round(clips / 5);
  const rss = await withCleanup(async (defer) => {
    const origin = openStillOrigin(await sampleStill({ width: stillSide, height: stillSide }));
    defer(() => origin.stop(true));
    const dataDir = join(await makeScratch(defer), "data");
    const project = await seedProject(dataDir, [`http://127.0.0.1:${origin.port}`]);
    const server = await startOurs({ program: options.program, dataDir, isUnpinned: true });
    defer(server.stop);
    const path = `/v1/${project.proxyKey}/127.0.0.1:${origin.port}/still.jpg.mp4?dur=2`;
    return makeClips(server, path, clips);
  });
  const earlyBytes = median(rss.slice(early - span, early));
  const lateBytes = median(rss.slice(-span));
  printReport(
    {
      bench: "soak",
      kept: 0,
      discarded: 0,
      figures: [
        {
          goal: "memory",
          name: `after ${clips} clips`,
          unit: "MB",
          anchor: { name: `after ${early}`, value: earlyBytes / 2 ** 20 },
          ours: lateBytes / 2 ** 20,
          target: { ratioMax: 1.2 },
        },
      ],
    },
    options,
  );
}

/** Makes the clips, a few at once, and reads the server's memory after each. */
async function makeClips(server: Server, path: string, clips: number): Promise<readonly number[]> {
  const rss: number[] = [];
  let next = 0;
  const work = async () => {
    while (next < clips) {
      const seed = next++;
      await makeClip(server, `${path}&seed=${seed}`);
      rss.push(await rssBytes(server.pid));
      if (rss.length % 100 === 0) console.error(`${rss.length} clips made`);
    }
  };
  await Promise.all(Array.from({ length: clipsAtOnce }, work));
  return rss;
}

if (import.meta.main) await benchSoak(process.argv.slice(2));
