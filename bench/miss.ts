import { Database } from "bun:sqlite";
import { join } from "node:path";
import { headerOf, openVolley, requestText, type Volley } from "./clients/raw-client.ts";
import { parseOptions, wholeNumber } from "./measure/options.ts";
import { printReport, type Report } from "./measure/report.ts";
import {
  type Contender,
  compare,
  type Load,
  median,
  percentile,
  type Rounds,
  runRounds,
} from "./measure/windows.ts";
import { seedProject } from "./seed.ts";
import { startOurs } from "./servers/ours.ts";
import { makeScratch, pinClient, withCleanup } from "./servers/server.ts";

/**
 * Hundreds of first requests for one clip at the same moment: one generation starts, and nobody
 * waits much longer than one who asks alone: `bun bench/main.ts miss [--clients 500]`.
 */

const singlesPerWindow = 200;
const volleysPerWindow = 10;

export async function benchMiss(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { clients: "string" });
  const clients = wholeNumber("clients", options.flag("clients") ?? "500", { min: 2, max: 5_000 });
  await pinClient();
  const report = await withCleanup(async (defer) => {
    const origin = openSilentOrigin();
    defer(() => origin.stop(true));
    const dataDir = join(await makeScratch(defer), "data");
    const project = await seedProject(dataDir, [`http://127.0.0.1:${origin.port}`]);
    const server = await startOurs({ program: options.program, dataDir });
    defer(server.stop);
    const one = await openVolley(server.port, 1);
    defer(one.close);
    const many = await openVolley(server.port, clients);
    defer(many.close);
    const assets = new Set<string>();
    const misses = createMisses(`/v1/${project.proxyKey}/127.0.0.1:${origin.port}`, assets);
    const contenders: Contender[] = [
      { name: "alone", pid: server.pid, run: () => runMisses(one, misses, singlesPerWindow) },
      { name: "together", pid: server.pid, run: () => runMisses(many, misses, volleysPerWindow) },
    ];
    const result = await runRounds(contenders, options);
    const generations = countGenerations(dataDir);
    return reportOf(result, { assets: assets.size, generations, clients });
  });
  printReport(report, options);
}

/** Takes every request for a source and never answers: the clips asked for stay pending. */
function openSilentOrigin() {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 255,
    fetch: () => new Promise<Response>(() => {}),
  });
}

/** Sends `volleys` volleys, each for a clip that nobody asked for before. */
type Misses = (volley: Volley) => Promise<readonly number[]>;

function createMisses(source: string, assets: Set<string>): Misses {
  let clips = 0;
  return async (volley) => {
    const request = requestText("GET", `${source}/still.png.mp4?idem=${clips++}`);
    const answers = await volley.send(() => request);
    for (const { status, head } of answers) {
      if (status !== 202) throw new Error(`a miss was answered with ${status}`);
      assets.add(headerOf(head, "x-motioness-asset-id") ?? "");
    }
    return answers.map(({ ms }) => ms);
  };
}

async function runMisses(volley: Volley, misses: Misses, volleys: number): Promise<Load> {
  const slowest: number[] = [];
  const all: number[] = [];
  for (let i = 0; i < volleys; i++) {
    const answers = await misses(volley);
    all.push(...answers);
    slowest.push(Math.max(...answers));
  }
  return {
    requests: all.length,
    p50Ms: percentile(all, 0.5),
    p99Ms: percentile(all, 0.99),
    slowestMs: median(slowest),
  };
}

function countGenerations(dataDir: string): number {
  using database = new Database(join(dataDir, "motioness.db"), { readonly: true });
  const row = database.query<{ n: number }, []>("select count(*) as n from generations").get();
  return row?.n ?? Number.NaN;
}

function reportOf(
  { rounds, kept, discarded }: Rounds,
  counts: { readonly assets: number; readonly generations: number; readonly clients: number },
): Report {
  const names = { anchor: "alone", ours: "together" };
  const p99 = compare(rounds, names, (window) => window.p99Ms);
  const slowest = compare(rounds, names, (window) => window.slowestMs);
  const cpu = compare(rounds, names, (window) => window.serverUsPerRequest);
  // The anchor of the slowest of many is the 99th percentile of those who ask alone.
  const ratio = median(
    rounds.map(
      (round) =>
        (round.get("together")?.slowestMs ?? Number.NaN) /
        (round.get("alone")?.p99Ms ?? Number.NaN),
    ),
  );
  return {
    bench: "miss",
    kept,
    discarded,
    figures: [
      {
        goal: "P16",
        name: `generations for each clip, ${counts.clients} clients`,
        unit: "generations",
        anchor: undefined,
        ours: counts.generations / counts.assets,
        target: { valueMax: 1 },
      },
      {
        goal: "P16",
        name: "slowest answer to the p99 alone",
        unit: "ms",
        anchor: { name: "alone p99", value: p99.anchor },
        ours: slowest.ours,
        ratio,
        target: { ratioMax: 2 },
      },
      {
        goal: "",
        name: "server time a request",
        unit: "us",
        anchor: { name: "alone", value: cpu.anchor },
        ours: cpu.ours,
        ratio: cpu.ratio,
        target: undefined,
      },
    ],
  };
}

if (import.meta.main) await benchMiss(process.argv.slice(2));
