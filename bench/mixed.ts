import { join } from "node:path";
import { treeCpuMs } from "./gate.ts";
import { clipBytes } from "./hot-cases.ts";
import { parseOptions, wholeNumber } from "./options.ts";
import { startOurs } from "./ours.ts";
import { printReport } from "./report.ts";
import { seedHotPath } from "./seed.ts";
import { makeScratch, pinClient, type Server, withCleanup } from "./servers.ts";
import { openSubscribers } from "./sse-client.ts";
import { type Contender, compare, runRounds } from "./windows.ts";
import { runWrk } from "./wrk.ts";

/**
 * Hot 304 answers while many event streams are open and beat: two servers alike, one with the
 * streams and one without, in alternating windows: `bun bench/main.ts mixed [--readers 10000]`.
 */

const connections = 64;
const windowSeconds = 1;
const readersDefault = 10_000;
/** Twice the period of the heartbeat, so that every stream has beaten twice. */
const beatingMs = 30_000;

interface Site {
  readonly server: Server;
  readonly clipUrl: string;
  readonly header: string;
  readonly streamPath: string;
}

export async function benchMixed(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { readers: "string" });
  const wanted = options.flag("readers") ?? String(readersDefault);
  const readers = wholeNumber("readers", wanted, { min: 1, max: 15_000 });
  await pinClient();
  const report = await withCleanup(async (defer) => {
    const folder = await makeScratch(defer);
    const open = async (name: string): Promise<Site> => {
      const site = await openSite(join(folder, name), options.program);
      defer(site.server.stop);
      return site;
    };
    const quiet = await open("quiet");
    const crowded = await open("crowded");
    const { port } = crowded.server;
    const crowd = await openSubscribers({ port, path: crowded.streamPath, count: readers });
    defer(crowd.close);
    const beatShare = await shareOfCore(crowded.server.pid);
    const contenders = [contender("alone", quiet), contender("crowded", crowded)];
    const result = await runRounds(contenders, options);
    const names = { anchor: "alone", ours: "crowded" };
    const p99 = compare(result.rounds, names, (window) => window.p99Ms);
    return {
      bench: "mixed",
      kept: result.kept,
      discarded: result.discarded,
      figures: [
        {
          goal: "P8",
          name: `hot 304, p99 beside ${readers} event streams`,
          unit: "ms",
          anchor: { name: "no streams", value: p99.anchor },
          ours: p99.ours,
          ratio: p99.ratio,
          target: { ratioMax: 1.3 },
        },
        {
          goal: "P8",
          name: `heartbeats of ${crowd.open()} streams`,
          unit: "% of a core",
          anchor: undefined,
          ours: beatShare * 100,
          target: { valueMax: 1 },
        },
      ],
    };
  });
  printReport(report, options);
}

async function openSite(dataDir: string, program: readonly string[]): Promise<Site> {
  const clip = crypto.getRandomValues(new Uint8Array(65_536));
  const large = new Uint8Array(clipBytes);
  const paths = await seedHotPath(dataDir, { clip, large });
  // The readers all come from this process: the proxy that it plays has many clients behind it.
  const env = { MOTIONESS_TRUSTED_PROXIES: "127.0.0.1/32" };
  const server = await startOurs({ program, dataDir, env });
  const base = `http://127.0.0.1:${server.port}`;
  const clipUrl = base + paths.clip;
  const known = await fetch(clipUrl);
  await known.body?.cancel();
  const pending = await fetch(base + paths.pending);
  await pending.body?.cancel();
  const key = paths.pending.split("/")[2];
  return {
    server,
    clipUrl,
    header: `If-None-Match: ${known.headers.get("etag")}`,
    streamPath: `/v1/${key}/events/${pending.headers.get("x-motioness-asset-id")}`,
  };
}

function contender(name: string, { server, clipUrl, header }: Site): Contender {
  const run = () =>
    runWrk({ url: clipUrl, seconds: windowSeconds, connections, headers: [header] });
  return { name, pid: server.pid, run };
}

/** The share of one core that a server takes while its streams do nothing but beat. */
async function shareOfCore(pid: number): Promise<number> {
  const [before, startMs] = [await treeCpuMs(pid), performance.now()];
  await Bun.sleep(beatingMs);
  return ((await treeCpuMs(pid)) - before) / (performance.now() - startMs);
}
