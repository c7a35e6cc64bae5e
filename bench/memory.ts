import { join } from "node:path";
import { makeClip, openStillOrigin, sampleStill } from "./clips.ts";
import { rssBytes } from "./measure/gate.ts";
import { parseOptions } from "./measure/options.ts";
import { type Figure, printReport } from "./measure/report.ts";
import { seedProject } from "./seed.ts";
import { startOurs } from "./servers/ours.ts";
import { makeScratch, type Server, withCleanup } from "./servers/server.ts";

/**
 * Resident memory of the server: idle, and while it renders two clips of 1280x720 and 8 s. The
 * encoders are processes of their own and are not counted: `bun bench/main.ts memory`.
 */

const settleMs = 3_000;
const sampleMs = 50;
/** The largest still that is taken, and one that is just as large as the clip. */
const stills = [
  { name: "1280x720 still", width: 1280, height: 720 },
  { name: "4096x2304 still", width: 4096, height: 2304 },
] as const;
const clipsAtOnce = 2;

export async function benchMemory(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  const figures: Figure[] = [];
  for (const still of stills) {
    figures.push(...(await withCleanup((defer) => measure(options.program, still, defer))));
  }
  printReport({ bench: "memory", figures, kept: 0, discarded: 0 }, options);
}

async function measure(
  program: readonly string[],
  still: (typeof stills)[number],
  defer: (close: () => unknown) => void,
): Promise<readonly Figure[]> {
  const origin = openStillOrigin(await sampleStill(still));
  defer(() => origin.stop(true));
  const dataDir = join(await makeScratch(defer), "data");
  const project = await seedProject(dataDir, [`http://127.0.0.1:${origin.port}`]);
  const server = await startOurs({ program, dataDir, isUnpinned: true });
  defer(server.stop);
  await Bun.sleep(settleMs);
  const idleBytes = await rssBytes(server.pid);
  const path = `/v1/${project.proxyKey}/127.0.0.1:${origin.port}/still.jpg.mp4?dur=8&aspect=16:9`;
  const clips = Array.from({ length: clipsAtOnce }, (_, i) =>
    makeClip(server, `${path}&seed=${i}`),
  );
  const peakBytes = await watchPeak(server, Promise.all(clips));
  return [
    figureOf(`idle, before a ${still.name}`, idleBytes, 80),
    figureOf(`two renders, ${still.name}`, peakBytes, 400),
  ];
}

/** The most memory that was seen until `work` ended. */
async function watchPeak(server: Server, work: Promise<unknown>): Promise<number> {
  let peakBytes = 0;
  let isOver = false;
  const over = work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    peakBytes = Math.max(peakBytes, await rssBytes(server.pid));
    await Promise.race([over, Bun.sleep(sampleMs)]);
  }
  return peakBytes;
}

function figureOf(name: string, bytes: number, megabytesMax: number): Figure {
  return {
    goal: "memory",
    name,
    unit: "MB",
    anchor: undefined,
    ours: bytes / 2 ** 20,
    target: { valueMax: megabytesMax },
  };
}

if (import.meta.main) await benchMemory(process.argv.slice(2));
