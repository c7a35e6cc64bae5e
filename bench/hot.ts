import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repeatBodiless, requestText } from "./clients/raw-client.ts";
import { runWrk } from "./clients/wrk.ts";
import {
  type AnchorName,
  clipBytes,
  figures,
  type HotCase,
  hotCases,
  largeBytes,
  type Paths,
  rangeHeader,
} from "./hot-cases.ts";
import { type BenchOptions, parseOptions } from "./measure/options.ts";
import { type Figure, printReport, type Report } from "./measure/report.ts";
import { type Contender, compare, type Load, type Rounds, runRounds } from "./measure/windows.ts";
import { seedHotPath } from "./seed.ts";
import { nginxClipPath, nginxPendingPath, startNginx } from "./servers/nginx.ts";
import { startOurs } from "./servers/ours.ts";
import { makeScratch, pinClient, type Server, withCleanup } from "./servers/server.ts";
import { startVarnish } from "./servers/varnish.ts";

/**
 * The hot path, one core each for server and client, 64 connections, in alternating windows:
 * `bun bench/main.ts hot [--case 200,cold-lru,large,304,202,head,range,signed]`.
 */

const connections = 64;
const windowSeconds = 1;
const nginxLargePath = "/v1/large.mp4";

/** A server and where the clips lie on it. */
interface Site {
  readonly server: Server;
  readonly paths: Paths;
}

type Sites = ReadonlyMap<AnchorName | HotCase["ours"], Site>;

export async function benchHot(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { case: "string" });
  const cases = chooseCases(options.flag("case"));
  await pinClient();
  const report = await withCleanup(async (defer) => {
    const sites = await openSites(options, defer);
    const figures: Figure[] = [];
    let kept = 0;
    let discarded = 0;
    for (const hotCase of cases) {
      const rounds = await runCase(hotCase, sites, options);
      figures.push(...figuresOf(hotCase, rounds));
      kept += rounds.kept;
      discarded += rounds.discarded;
    }
    return { bench: "hot", figures, kept, discarded } satisfies Report;
  });
  printReport(report, options);
}

function chooseCases(names: string | undefined): readonly HotCase[] {
  const wanted = names?.split(",") ?? hotCases.map(({ name }) => name);
  return wanted.map((name) => {
    const found = hotCases.find((hotCase) => hotCase.name === name);
    if (found) return found;
    const known = hotCases.map((hotCase) => hotCase.name).join(", ");
    throw new Error(`--case: got ${name}, expected some of ${known}`);
  });
}

async function openSites(
  options: BenchOptions,
  defer: (close: () => unknown) => void,
): Promise<Sites> {
  const folder = await makeScratch(defer);
  const nginx = await startNginx({ folder });
  defer(nginx.stop);
  await writeFile(join(folder, "html", nginxClipPath), clipOf(clipBytes));
  await writeFile(join(folder, "html", nginxLargePath), clipOf(largeBytes));
  const varnish = await startVarnish({ folder, backend: nginx });
  defer(varnish.stop);
  const dataDir = join(folder, "data");
  const paths = await seedHotPath(dataDir, { clip: clipOf(clipBytes), large: clipOf(largeBytes) });
  const ours = await startOurs({ program: options.program, dataDir });
  defer(ours.stop);
  const uncachedDir = join(folder, "uncached");
  const uncachedPaths = await seedHotPath(uncachedDir, {
    clip: clipOf(clipBytes),
    large: clipOf(largeBytes),
  });
  const uncached = await startOurs({
    program: options.program,
    dataDir: uncachedDir,
    env: { MOTIONESS_BODY_CACHE_MB: "0" },
  });
  defer(uncached.stop);
  const anchorPaths: Paths = {
    clip: nginxClipPath,
    large: nginxLargePath,
    pending: nginxPendingPath,
    signed: nginxClipPath,
  };
  return new Map<AnchorName | HotCase["ours"], Site>([
    ["nginx", { server: nginx, paths: anchorPaths }],
    ["varnish", { server: varnish, paths: anchorPaths }],
    ["ours", { server: ours, paths }],
    ["ours unsigned", { server: ours, paths: { ...paths, signed: paths.clip } }],
    ["ours without body cache", { server: uncached, paths: uncachedPaths }],
  ]);
}

/** Bytes that no layer could compress or share. */
function clipOf(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  for (let at = 0; at < sizeBytes; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}

async function runCase(hotCase: HotCase, sites: Sites, options: BenchOptions): Promise<Rounds> {
  const contenders: Contender[] = [];
  for (const name of [...hotCase.anchors, hotCase.ours]) {
    const site = sites.get(name);
    if (!site) throw new Error(`no server is called ${name}`);
    const headers = await headersFor(hotCase, site);
    await checkAnswer(hotCase, site, headers);
    const run = () => sendLoad(hotCase, site, headers);
    contenders.push({ name, pid: site.server.pid, run });
  }
  return runRounds(contenders, options);
}

async function headersFor(hotCase: HotCase, site: Site): Promise<readonly string[]> {
  if (hotCase.header === "range") return [rangeHeader];
  if (hotCase.header === undefined) return [];
  const response = await fetch(urlOf(hotCase, site));
  await response.body?.cancel();
  return [`If-None-Match: ${response.headers.get("etag")}`];
}

/** No figure counts for an answer that is not the one the case is about. */
async function checkAnswer(hotCase: HotCase, site: Site, lines: readonly string[]): Promise<void> {
  const headers = lines.map((line) => line.split(": ", 2) as [string, string]);
  const { method } = hotCase;
  const response = await fetch(urlOf(hotCase, site), { method, headers });
  await response.body?.cancel();
  if (response.status === hotCase.status) return;
  const { server } = site;
  throw new Error(`${server.name}: ${hotCase.name} was answered with ${response.status}`);
}

function sendLoad(hotCase: HotCase, site: Site, headers: readonly string[]): Promise<Load> {
  if (hotCase.method === "GET") {
    return runWrk({ url: urlOf(hotCase, site), seconds: windowSeconds, connections, headers });
  }
  return repeatBodiless({
    port: site.server.port,
    request: requestText(hotCase.method, site.paths[hotCase.clip], headers),
    connections,
    durationMs: windowSeconds * 1000,
  });
}

function urlOf(hotCase: HotCase, site: Site): string {
  return `http://127.0.0.1:${site.server.port}${site.paths[hotCase.clip]}`;
}

function figuresOf(hotCase: HotCase, { rounds }: Rounds): readonly Figure[] {
  return hotCase.claims.map((claim) => {
    const names = { anchor: claim.anchor, ours: hotCase.ours };
    const { anchor, ours, ratio } = compare(rounds, names, figures[claim.figure]);
    return {
      goal: hotCase.goal,
      name: hotCase.what,
      unit: claim.figure,
      anchor: { name: claim.anchor, value: anchor },
      ours,
      ratio,
      target: claim.target,
    };
  });
}

if (import.meta.main) await benchHot(process.argv.slice(2));
