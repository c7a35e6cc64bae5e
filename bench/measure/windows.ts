import { foreignShare, type Reading, takeReading, waitQuiet } from "./gate.ts";

/**
 * Alternating windows: A B C, A B C, … so that whatever disturbs the machine disturbs all alike.
 * A ratio is taken within a round, and the median over the rounds is the figure.
 */

/** A window in which others took more of a core than this is thrown away. */
const foreignShareMax = 0.15;
const retriesMax = 5;

/** One of the things compared: a server with its load. */
export interface Contender {
  readonly name: string;
  /** The root of the server's processes; undefined when servers come and go within a window. */
  readonly pid: number | undefined;
  /** Makes ready for a window, outside of it; what it returns undoes that afterwards. */
  prepare?(): Promise<() => void>;
  /** Sends load for about a second and says what came back. */
  run(): Promise<Load>;
}

export interface Load {
  readonly requests: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  readonly p999Ms?: number;
  readonly slowestMs?: number;
}

/** One kept window. */
export interface Window {
  readonly requestsPerSecond: number;
  /** Of the server alone. */
  readonly serverUsPerRequest: number;
  /** Of the server and the client. */
  readonly totalUsPerRequest: number;
  /** Cores that the server used, 0 to 1 when it is pinned to one. */
  readonly serverCores: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly p999Ms: number | undefined;
  readonly slowestMs: number | undefined;
}

/** The kept windows of one round by contender's name; a round with a window missing is dropped. */
export type Round = ReadonlyMap<string, Window>;

export interface Rounds {
  readonly rounds: readonly Round[];
  readonly kept: number;
  readonly discarded: number;
}

export interface RoundOptions {
  readonly rounds: number;
  /** How long each window waits for a calm moment before it is tried anyway. */
  readonly patienceMs: number;
}

/** Runs `rounds` rounds of one window for each contender, in turn. */
export async function runRounds(
  contenders: readonly Contender[],
  options: RoundOptions,
): Promise<Rounds> {
  for (const contender of contenders) await withPrepared(contender, () => contender.run());
  const rounds: Round[] = [];
  let kept = 0;
  let discarded = 0;
  for (let round = 0; round < options.rounds; round++) {
    const windows = new Map<string, Window>();
    for (const contender of contenders) {
      const outcome = await runWindow(contender, options.patienceMs);
      discarded += outcome.discarded;
      if (!outcome.window) continue;
      kept++;
      windows.set(contender.name, outcome.window);
    }
    if (windows.size === contenders.length) rounds.push(windows);
  }
  return { rounds, kept, discarded };
}

async function runWindow(
  contender: Contender,
  patienceMs: number,
): Promise<{ readonly window: Window | undefined; readonly discarded: number }> {
  for (let discarded = 0; discarded <= retriesMax; discarded++) {
    const { before, load, after } = await withPrepared(contender, async () => {
      await waitQuiet(patienceMs);
      const before = await takeReading(contender.pid);
      const load = await contender.run();
      return { before, load, after: await takeReading(contender.pid) };
    });
    if (isClean(before, after)) return { window: windowOf(before, after, load), discarded };
    const share = foreignShare(spanOf(before, after)).toFixed(2);
    console.error(`${contender.name}: a window discarded, others took ${share} of a core`);
  }
  return { window: undefined, discarded: retriesMax + 1 };
}

async function withPrepared<T>(contender: Contender, work: () => Promise<T>): Promise<T> {
  const undo = await contender.prepare?.();
  try {
    return await work();
  } finally {
    undo?.();
  }
}

/** Whether nobody else took much of the machine between two readings. */
export function isClean(before: Reading, after: Reading): boolean {
  return foreignShare(spanOf(before, after)) <= foreignShareMax;
}

export function windowOf(before: Reading, after: Reading, load: Load): Window {
  const span = spanOf(before, after);
  const requests = Math.max(1, load.requests);
  return {
    requestsPerSecond: (load.requests / span.wallMs) * 1000,
    serverUsPerRequest: (span.serverMs * 1000) / requests,
    totalUsPerRequest: ((span.serverMs + span.clientMs) * 1000) / requests,
    serverCores: span.serverMs / span.wallMs,
    p50Ms: load.p50Ms,
    p99Ms: load.p99Ms,
    p999Ms: load.p999Ms,
    slowestMs: load.slowestMs,
  };
}

function spanOf(before: Reading, after: Reading) {
  return {
    wallMs: after.atMs - before.atMs,
    busyMs: after.busyMs - before.busyMs,
    serverMs: after.serverMs - before.serverMs,
    clientMs: after.clientMs - before.clientMs,
  };
}

/** The middle of the values; the mean of the middle two when their number is even. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** The smallest value that at least `share` (0 to 1) of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** What `pick` sees in `name`'s windows, and how that stands to the anchor's in the same rounds. */
export function compare(
  rounds: readonly Round[],
  names: { readonly anchor: string; readonly ours: string },
  pick: (window: Window) => number | undefined,
): { readonly anchor: number; readonly ours: number; readonly ratio: number } {
  const of = (round: Round, name: string) => {
    const window = round.get(name);
    return (window && pick(window)) ?? Number.NaN;
  };
  return {
    anchor: median(rounds.map((round) => of(round, names.anchor))),
    ours: median(rounds.map((round) => of(round, names.ours))),
    ratio: median(rounds.map((round) => of(round, names.ours) / of(round, names.anchor))),
  };
}
