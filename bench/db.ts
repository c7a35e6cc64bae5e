import { join } from "node:path";
import { type CommitBench, openCommitBench } from "./db-commits.ts";
import { openReplayBench } from "./db-replay.ts";
import { type BenchOptions, parseOptions, wholeNumber } from "./measure/options.ts";
import { type Figure, printReport, type Report } from "./measure/report.ts";
import { type Contender, compare, type Rounds, runRounds, type Window } from "./measure/windows.ts";
import { makeScratch, pinClient, withCleanup } from "./servers/server.ts";

/**
 * The event log in SQLite, through the real store: commits with checkpoints off the thread against
 * inside the commits, the write-ahead log's size, and replay out of a long log:
 * `bun bench/main.ts db [--rows 1000000]`; the nightly run takes `--rows 10000000`.
 */

const commitSeconds = 3;
const walSeconds = 20;
const walSampleMs = 50;
const walEventsPerCommit = 5;
const walCommitsPerSecond = 1_000;
const shortRows = 100_000;

export async function benchDb(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { rows: "string" });
  const bounds = { min: shortRows, max: 100_000_000 };
  const rows = wholeNumber("rows", options.flag("rows") ?? "1000000", bounds);
  await pinClient();
  const parts = [
    await withCleanup((defer) => benchCommits(options, defer)),
    await withCleanup((defer) => benchReplay(options, rows, defer)),
  ];
  const report: Report = {
    bench: "db",
    figures: parts.flatMap(({ figures }) => figures),
    kept: parts.reduce((sum, { kept }) => sum + kept, 0),
    discarded: parts.reduce((sum, { discarded }) => sum + discarded, 0),
  };
  printReport(report, options);
}

type Part = Pick<Report, "figures" | "kept" | "discarded">;
type Defer = (close: () => unknown) => void;

async function benchCommits(options: BenchOptions, defer: Defer): Promise<Part> {
  const folder = await makeScratch(defer);
  const inline = await openCommitBench(join(folder, "inline"), "inline");
  defer(inline.close);
  const worker = await openCommitBench(join(folder, "worker"), "worker");
  defer(worker.close);
  const contenders: Contender[] = [
    { name: "inline", pid: undefined, run: () => inline.run(oneByOne) },
    { name: "worker", pid: undefined, run: () => worker.run(oneByOne) },
    {
      name: "64 a commit",
      pid: undefined,
      run: () => worker.run({ ...oneByOne, eventsPerCommit: 64 }),
    },
  ];
  const rounds = await runRounds(contenders, options);
  return { ...rounds, figures: [...commitFigures(rounds), await measureWal(worker)] };
}

const oneByOne = { seconds: commitSeconds, eventsPerCommit: 1 };

function commitFigures({ rounds }: Rounds): readonly Figure[] {
  const names = { anchor: "inline", ours: "worker" };
  const row = (what: string, pick: (window: Window) => number | undefined) => {
    const { anchor, ours, ratio } = compare(rounds, names, pick);
    return {
      goal: "P11",
      name: `commit, ${what}`,
      unit: "ms",
      anchor: { name: "inline", value: anchor },
      ours,
      ratio,
      target: undefined,
    } satisfies Figure;
  };
  const grouped = compare(
    rounds,
    { anchor: "worker", ours: "64 a commit" },
    (window) => window.requestsPerSecond,
  );
  return [
    row("p50", (window) => window.p50Ms),
    { ...row("p99.9", (window) => window.p999Ms), target: { ratioMax: 0.1 } },
    row("slowest", (window) => window.slowestMs),
    {
      goal: "",
      name: "events a second, 64 a commit",
      unit: "events/s",
      anchor: { name: "one a commit", value: grouped.anchor },
      ours: grouped.ours * 64,
      ratio: grouped.ratio * 64,
      target: undefined,
    },
  ];
}

/** The largest that the write-ahead log became under a steady load of 5,000 events a second. */
async function measureWal(bench: CommitBench): Promise<Figure> {
  let largestBytes = 0;
  const timer = setInterval(() => {
    largestBytes = Math.max(largestBytes, bench.walBytes());
  }, walSampleMs);
  const load = await bench.run({
    seconds: walSeconds,
    eventsPerCommit: walEventsPerCommit,
    commitsPerSecondMax: walCommitsPerSecond,
  });
  clearInterval(timer);
  const rate = Math.round((load.requests * walEventsPerCommit) / walSeconds);
  return {
    goal: "P11",
    name: `largest write-ahead log at ${rate} events/s`,
    unit: "MiB",
    anchor: undefined,
    ours: largestBytes / 2 ** 20,
    target: { valueMax: 128 },
  };
}

async function benchReplay(options: BenchOptions, rows: number, defer: Defer): Promise<Part> {
  const folder = await makeScratch(defer);
  const short = await openReplayBench(join(folder, "short"), shortRows);
  defer(short.close);
  const long = await openReplayBench(join(folder, "long"), rows);
  defer(long.close);
  const contenders: Contender[] = [
    { name: "short", pid: undefined, run: short.run },
    { name: "long", pid: undefined, run: long.run },
  ];
  const rounds = await runRounds(contenders, options);
  const names = { anchor: "short", ours: "long" };
  const [p50, p99] = [
    compare(rounds.rounds, names, (window) => window.p50Ms),
    compare(rounds.rounds, names, (window) => window.p99Ms),
  ];
  const what = `replay of 5 events out of ${rows}`;
  const anchor = { name: `of ${shortRows}`, value: p99.anchor };
  const p99Figure = { goal: "P12", name: `${what}, p99`, unit: "ms", anchor, ...pickOurs(p99) };
  return {
    ...rounds,
    figures: [
      {
        ...p99Figure,
        name: `${what}, p50`,
        anchor: { ...anchor, value: p50.anchor },
        ...pickOurs(p50),
        target: undefined,
      },
      { ...p99Figure, target: { ratioMax: 10 } },
      { ...p99Figure, target: { valueMax: 1 } },
      {
        goal: "",
        name: `opening a log of ${rows}`,
        unit: "ms",
        anchor: { name: `of ${shortRows}`, value: short.openMs },
        ours: long.openMs,
        target: undefined,
      },
    ],
  };
}

function pickOurs({ ours, ratio }: { readonly ours: number; readonly ratio: number }) {
  return { ours, ratio };
}

if (import.meta.main) await benchDb(process.argv.slice(2));
