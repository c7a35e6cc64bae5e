import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStatus, requestText } from "./clients/raw-client.ts";
import { treeRssBytes } from "./measure/gate.ts";
import { parseOptions } from "./measure/options.ts";
import { printReport, type Report } from "./measure/report.ts";
import { type Contender, compare, type Load, median, runRounds } from "./measure/windows.ts";
import { seedProject } from "./seed.ts";
import { nginxClipPath, prepareNginx } from "./servers/nginx.ts";
import { prepareOurs } from "./servers/ours.ts";
import {
  makeScratch,
  pinClient,
  type ServerSpec,
  spawnServer,
  startServer,
  withCleanup,
} from "./servers/server.ts";

/**
 * From exec to the first 200, and memory when idle, against nginx. The claim is the executable's:
 * `bun bench/main.ts cold --program dist/motioness`.
 */

const startsPerWindow = 5;
const startTimeoutMs = 10_000;
const pollMs = 0.5;
const settleMs = 3_000;

export async function benchCold(args: readonly string[]): Promise<void> {
  const options = parseOptions(args);
  await pinClient();
  const report = await withCleanup(async (defer) => {
    const folder = await makeScratch(defer);
    const nginx = await prepareNginx({ folder });
    await writeFile(join(folder, "html", nginxClipPath), "a clip");
    const dataDir = join(folder, "data");
    await seedProject(dataDir, []);
    const ours = prepareOurs({ program: options.program, dataDir });
    const contenders: Contender[] = [
      { name: "nginx", pid: undefined, run: () => runStarts(nginx, nginxClipPath) },
      { name: "ours", pid: undefined, run: () => runStarts(ours, ours.readyPath) },
    ];
    const { rounds, kept, discarded } = await runRounds(contenders, options);
    const names = { anchor: "nginx", ours: "ours" };
    const start = compare(rounds, names, (window) => window.p50Ms);
    return {
      bench: "cold",
      kept,
      discarded,
      figures: [
        {
          goal: "P15",
          name: "exec to the first 200",
          unit: "ms",
          anchor: { name: "nginx", value: start.anchor },
          ours: start.ours,
          ratio: start.ratio,
          target: { ratioMax: 1.2 },
        },
        {
          goal: "P15",
          name: "memory when idle",
          unit: "MB",
          anchor: { name: "nginx", value: await idleMegabytes(nginx) },
          ours: await idleMegabytes(ours),
          target: { valueMax: 80 },
        },
      ],
    } satisfies Report;
  });
  printReport(report, options);
}

async function runStarts(spec: ServerSpec, path: string): Promise<Load> {
  const startsMs: number[] = [];
  for (let i = 0; i < startsPerWindow; i++) startsMs.push(await timeStart(spec, path));
  return { requests: startsPerWindow, p50Ms: median(startsMs) };
}

/** Milliseconds from the spawn to the first 200, asking again and again from the other core. */
async function timeStart(spec: ServerSpec, path: string): Promise<number> {
  const startMs = performance.now();
  const server = spawnServer(spec);
  try {
    while (!(await isAnswered(spec.port, path))) {
      if (server.hasEnded() || performance.now() - startMs > startTimeoutMs) {
        throw new Error(`${spec.name} did not start: ${server.complaint()}`);
      }
      await Bun.sleep(pollMs);
    }
    return performance.now() - startMs;
  } finally {
    await server.stop();
  }
}

/** Asks once on a new connection; false when nobody listens yet. */
async function isAnswered(port: number, path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      open: (opened) => void opened.write(requestText("GET", path)),
      data: (_, chunk) => resolve(parseStatus(chunk.toString("latin1")) === 200),
      close: () => resolve(false),
      connectError: () => resolve(false),
    },
  }).catch(() => undefined);
  const isGood = socket !== undefined && (await promise);
  socket?.terminate();
  return isGood;
}

async function idleMegabytes(spec: ServerSpec): Promise<number> {
  const server = await startServer(spec);
  try {
    await Bun.sleep(settleMs);
    return (await treeRssBytes(server.pid)) / 2 ** 20;
  } finally {
    await server.stop();
  }
}

if (import.meta.main) await benchCold(process.argv.slice(2));
