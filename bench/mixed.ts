import { join } from "node:path";
import { openSubscribers } from "./clients/sse-client.ts";
import { runWrk } from "./clients/wrk.ts";
import { clipBytes } from "./hot-cases.ts";
import { treeCpuMs, waitQuiet } from "./measure/gate.ts";
import { parseOptions, wholeNumber } from "./measure/options.ts";
import { type Figure, printReport, type Report } from "./measure/report.ts";
import { type Contender, compare, type Rounds, runRounds } from "./measure/windows.ts";
import { type SeededPaths, seedHotPath } from "./seed.ts";
import { startOurs } from "./servers/ours.ts";
import { makeScratch, pinClient, type Server, withCleanup } from "./servers/server.ts";

/**
 * Hot answers of two of our servers on one core, of which one holds ten thousand idle event
 * streams: `bun bench/main.ts mixed [--streams 10000]`.
 */

const connections = 64;
/** Longer than elsewhere: 99th percentiles want many answers. */
const windowSeconds = 2;
const heartbeatSeconds = 30;

export async function benchMixed(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { streams: "string" });
  const bounds = { min: 1, max: 15_000 };
  const streams = wholeNumber("streams", options.flag("streams") ?? "10000", bounds);
  await pinClient();
  const report = await withCleanup(async (defer) => {
    const folder = await makeScratch(defer);
    const start = async (name: string) => {
      const dataDir = join(folder, name);
      const bytes = new Uint8Array(clipBytes);
      const paths = await seedHotPath(dataDir, { clip: bytes, large: bytes });
      // The readers come in their thousands and say who they are, as through a proxy.
      const env = { MOTIONESS_TRUSTED_PROXIES: "127.0.0.1/32" };
      const server = await startOurs({ program: options.program, dataDir, env });
      defer(server.stop);
      return { server, paths };
    };
    const [quiet, busy] = [await start("quiet"), await start("busy")];
    const { port } = busy.server;
    const readers = await openSubscribers({ port, path: busy.paths.events, count: streams });
    defer(readers.close);
    const contenders: Contender[] = [
      await contenderOf("no streams", quiet),
      {
        ...(await contenderOf("with streams", busy)),
        // The server closes each stream after five minutes.
        async prepare() {
          await readers.refill();
          return () => {};
        },
      },
    ];
    const result = await runRounds(contenders, options);
    const heartbeats = await measureHeartbeats(quiet.server, busy.server, options.patienceMs);
    return reportOf(result, heartbeats, streams);
  });
  printReport(report, options);
}

function reportOf(
  { rounds, kept, discarded }: Rounds,
  heartbeats: number,
  streams: number,
): Report {
  const p99 = compare(rounds, names, (window) => window.p99Ms);
  const rate = compare(rounds, names, (window) => window.requestsPerSecond);
  const figures: readonly Figure[] = [
    {
      goal: "P8",
      name: `304 p99 beside ${streams} streams`,
      unit: "ms",
      anchor: { name: names.anchor, value: p99.anchor },
      ours: p99.ours,
      ratio: p99.ratio,
      target: { ratioMax: 1.3 },
    },
    {
      goal: "P8",
      name: "304",
      unit: "req/s",
      anchor: { name: names.anchor, value: rate.anchor },
      ours: rate.ours,
      ratio: rate.ratio,
      target: undefined,
    },
    {
      goal: "P8",
      name: `heartbeats of ${streams} streams`,
      unit: "% of a core",
      anchor: undefined,
      ours: heartbeats * 100,
      target: { valueMax: 1 },
    },
  ];
  return { bench: "mixed", figures, kept, discarded };
}

const names = { anchor: "no streams", ours: "with streams" };

async function contenderOf(
  name: string,
  site: { readonly server: Server; readonly paths: SeededPaths },
): Promise<Contender> {
  const url = `http://127.0.0.1:${site.server.port}${site.paths.clip}`;
  const response = await fetch(url);
  await response.body?.cancel();
  const headers = [`If-None-Match: ${response.headers.get("etag")}`];
  const load = { url, seconds: windowSeconds, connections, headers };
  return { name, pid: site.server.pid, run: () => runWrk(load) };
}

/** What share of a core the streams take when nothing happens: more than the server without. */
async function measureHeartbeats(quiet: Server, busy: Server, patienceMs: number): Promise<number> {
  await waitQuiet(patienceMs);
  const read = async () => [await treeCpuMs(quiet.pid), await treeCpuMs(busy.pid)] as const;
  const before = await read();
  await Bun.sleep(heartbeatSeconds * 1000);
  const after = await read();
  const idleMs = after[0] - before[0];
  return (after[1] - before[1] - idleMs) / (heartbeatSeconds * 1000);
}

if (import.meta.main) await benchMixed(process.argv.slice(2));
