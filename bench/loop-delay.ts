import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OneShot, openOneShot } from "../src/cli/animate/one-shot.ts";
import { pictureFixture } from "../test/support/pictures/picture-fixtures.ts";
import { waitQuiet } from "./measure/gate.ts";
import { parseOptions } from "./measure/options.ts";
import { type Figure, printReport } from "./measure/report.ts";

/**
 * How late the main thread's timers are while two clips of 4 s with their effects are made on it:
 * all of it, from the checked still over sight and the render to the measured seam; of 1280 pixels
 * unless `--long-side` says otherwise. The same timer with nothing at work is what the machine
 * itself makes late. Of the rounds the calmest counts.
 */

const pictures = ["lake", "portrait"] as const;
const timerMs = 2;
const idleMs = 3_000;

export async function benchLoopDelay(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { "long-side": "string" });
  const longSide = Number(options.flag("long-side") ?? 1280);
  const folder = await mkdtemp(join(tmpdir(), "motioness-bench-"));
  const media = { ffmpegPath: undefined };
  const sight = { nsfwThreshold: 0.85, depthModelPath: undefined };
  const maker = await openOneShot({ media, sight, longSide, workersMax: pictures.length });
  try {
    const rounds: Round[] = [];
    // The first loads libraries and starts threads: a server has done that long before.
    for (let round = 0; round <= options.rounds; round++) {
      await waitQuiet(options.patienceMs);
      const idle = await delaysDuring(() => Bun.sleep(idleMs));
      const busy = await delaysDuring(() => makeTwo(maker, folder));
      rounds.push({ idle, busy });
    }
    const figures = figuresOf(rounds[0], rounds.slice(1));
    printReport({ bench: "delay", figures, kept: 0, discarded: 0 }, options);
  } finally {
    await maker.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Delays {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

interface Round {
  readonly idle: Delays;
  readonly busy: Delays;
}

/** How late a timer that is set anew each time fires, until the work is done. */
async function delaysDuring(work: () => Promise<unknown>): Promise<Delays> {
  const delays: number[] = [];
  let timer: ReturnType<typeof setTimeout>;
  const arm = () => {
    const dueMs = performance.now() + timerMs;
    timer = setTimeout(() => {
      delays.push(Math.max(0, performance.now() - dueMs));
      arm();
    }, timerMs);
  };
  arm();
  await work().finally(() => clearTimeout(timer));
  delays.sort((left, right) => left - right);
  const at = (share: number) => delays[Math.floor(share * (delays.length - 1))] ?? Number.NaN;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

async function makeTwo(maker: OneShot, folder: string): Promise<void> {
  const { signal } = new AbortController();
  await Promise.all(
    pictures.map(async (name) =>
      maker.animate(
        {
          sourcePath: await pictureFixture(name).path(),
          outputs: [{ format: "mp4", path: join(folder, `${name}.mp4`) }],
          motion: "medium",
          mode: "loop",
          aspect: "preserve",
          durationSeconds: 4,
          seed: 1,
          prompt: undefined,
        },
        { signal },
      ),
    ),
  );
}

function figuresOf(cold: Round | undefined, rounds: readonly Round[]): readonly Figure[] {
  const [calmest] = rounds.toSorted((left, right) => left.busy.p99Ms - right.busy.p99Ms);
  const row = { goal: "", unit: "ms", anchor: undefined, target: undefined };
  const figures: Figure[] = [];
  if (cold) figures.push({ ...row, name: "first two renders, p99", ours: cold.busy.p99Ms });
  if (!calmest) return figures;
  const { idle, busy } = calmest;
  return [
    ...figures,
    { ...row, name: "nothing at work, p99", ours: idle.p99Ms },
    { ...row, name: "two renders, median", ours: busy.p50Ms },
    { ...row, name: "two renders, p99", ours: busy.p99Ms, target: { valueMax: 20 } },
    { ...row, name: "two renders, latest", ours: busy.maxMs },
  ];
}
