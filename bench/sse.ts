import { join } from "node:path";
import { openSubscribers, type Subscribers } from "./clients/sse-client.ts";
import { treeRssBytes } from "./measure/gate.ts";
import { type BenchOptions, parseOptions } from "./measure/options.ts";
import { type Figure, printReport, type Report, type Target } from "./measure/report.ts";
import { type Contender, compare, type Load, percentile, runRounds } from "./measure/windows.ts";
import { makeScratch, pinClient, withCleanup } from "./servers/server.ts";
import { type EventSite, openNchan, openOurEvents } from "./sse-sites.ts";

/**
 * Event streams against nginx with nchan: memory for each connection, and time from publishing to
 * receipt, ours with the event committed first: `bun bench/main.ts sse [--only memory|latency]`.
 */

/** How many readers; the number of publishings makes windows of about a second. */
const latencies = [
  { readers: 1, publishes: 300 },
  { readers: 1_000, publishes: 40 },
  { readers: 10_000, publishes: 6 },
] as const;
const memories = [1_000, 5_000, 10_000] as const;
const memoryPublishes = 20;
const settleMs = 1_500;
/** Opened and closed before memory is read, so that nothing is counted that is made only once. */
const warmingReaders = 1_000;

/** Targets by number of readers; there are none for the others. */
const latencyTargets: Readonly<Record<number, Target>> = {
  1: { valueMax: 3 },
  1000: { ratioMax: 0.85 },
  10000: { ratioMax: 0.75 },
};

export async function benchSse(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { only: "string" });
  const only = options.flag("only");
  await pinClient();
  const figures: Figure[] = [];
  if (only !== "latency") {
    for (const readers of memories) figures.push(...(await benchMemory(readers)));
  }
  const latency =
    only === "memory"
      ? { figures: [], kept: 0, discarded: 0 }
      : await withCleanup((defer) => benchLatency(options, defer));
  printReport({ ...latency, bench: "sse", figures: [...figures, ...latency.figures] }, options);
}

type Defer = (close: () => unknown) => void;

async function benchMemory(readers: number): Promise<readonly Figure[]> {
  const measure = (open: typeof openNchan) =>
    withCleanup(async (defer) => {
      const site = await open(join(await makeScratch(defer), "site"), defer);
      return measureMemory(site, readers, defer);
    });
  const nchan = await measure(openNchan);
  const ours = await measure(openOurEvents);
  const isGoal = readers === 10_000;
  const row = (name: string, unit: string, pick: keyof Memory, target?: Target): Figure => ({
    goal: "P6",
    name: `${name}, ${readers} streams`,
    unit,
    anchor: { name: "nchan", value: nchan[pick] },
    ours: ours[pick],
    target: isGoal ? target : undefined,
  });
  return [
    row("memory idle", "KB each", "idleKilobytes"),
    row("memory after events", "KB each", "usedKilobytes", { ratioMax: 0.5 }),
    row("process", "MB", "processMegabytes", { ratioMax: 0.65 }),
  ];
}

interface Memory {
  readonly idleKilobytes: number;
  readonly usedKilobytes: number;
  readonly processMegabytes: number;
}

async function measureMemory(site: EventSite, readers: number, defer: Defer): Promise<Memory> {
  const rss = async () => {
    await Bun.sleep(settleMs);
    return treeRssBytes(site.server.pid);
  };
  const warming = await openSubscribers({ ...portAndPath(site), count: warmingReaders });
  warming.close();
  const before = await rss();
  const subscribers = await openSubscribers({ ...portAndPath(site), count: readers });
  defer(subscribers.close);
  const idle = await rss();
  for (let i = 0; i < memoryPublishes; i++) await publishOnce(site, subscribers, i);
  const used = await rss();
  return {
    idleKilobytes: (idle - before) / readers / 1000,
    usedKilobytes: (used - before) / readers / 1000,
    processMegabytes: used / 1e6,
  };
}

async function benchLatency(
  options: BenchOptions,
  defer: Defer,
): Promise<Pick<Report, "figures" | "kept" | "discarded">> {
  const folder = await makeScratch(defer);
  const sites = [
    { name: "nchan", site: await openNchan(join(folder, "nchan"), defer) },
    { name: "ours", site: await openOurEvents(join(folder, "ours"), defer) },
  ];
  const figures: Figure[] = [];
  let kept = 0;
  let discarded = 0;
  for (const { readers, publishes } of latencies) {
    const contenders = sites.map(({ name, site }) => contenderOf(name, site, readers, publishes));
    const result = await runRounds(contenders, options);
    kept += result.kept;
    discarded += result.discarded;
    const names = { anchor: "nchan", ours: "ours" };
    const row = (what: string, unit: string, pick: Parameters<typeof compare>[2]): Figure => {
      const { anchor, ours, ratio } = compare(result.rounds, names, pick);
      const name = `${what}, ${readers} streams`;
      const anchored = { name: "nchan", value: anchor };
      return { goal: "P7", name, unit, anchor: anchored, ours, ratio, target: undefined };
    };
    figures.push(
      row("publish to receipt, p50", "ms", (window) => window.p50Ms),
      {
        ...row("publish to receipt, p99", "ms", (window) => window.p99Ms),
        target: latencyTargets[readers],
      },
      row("server time a receipt", "us", (window) => window.serverUsPerRequest),
    );
  }
  return { figures, kept, discarded };
}

function contenderOf(name: string, site: EventSite, readers: number, publishes: number): Contender {
  let subscribers: Subscribers | undefined;
  return {
    name,
    pid: site.server.pid,
    async prepare() {
      const opened = await openSubscribers({ ...portAndPath(site), count: readers });
      subscribers = opened;
      return opened.close;
    },
    async run(): Promise<Load> {
      const receipts: number[] = [];
      for (let i = 0; i < publishes && subscribers; i++) {
        receipts.push(...(await publishOnce(site, subscribers, i)));
      }
      return {
        requests: receipts.length,
        p50Ms: percentile(receipts, 0.5),
        p99Ms: percentile(receipts, 0.99),
      };
    },
  };
}

function publishOnce(
  site: EventSite,
  subscribers: Subscribers,
  number: number,
): Promise<readonly number[]> {
  const mark = `mark-${number}-${Math.round(performance.now() * 1000)}`;
  return subscribers.measure(mark, () => site.publish(mark));
}

function portAndPath({ server, path }: EventSite) {
  return { port: server.port, path };
}

if (import.meta.main) await benchSse(process.argv.slice(2));
