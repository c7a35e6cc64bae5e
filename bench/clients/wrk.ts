import type { Load } from "../measure/windows.ts";
import { clientCore } from "../servers/server.ts";

/** The load generator `wrk`, and what it prints. */

export interface WrkRun {
  readonly url: string;
  readonly seconds: number;
  readonly connections: number;
  readonly headers?: readonly string[];
}

/** Runs wrk on the client's core. @throws when the server answered an error or dropped us. */
export async function runWrk(run: WrkRun): Promise<Load> {
  const headers = (run.headers ?? []).flatMap((header) => ["-H", header]);
  const settings = ["-t1", `-c${run.connections}`, `-d${run.seconds}s`, "--latency"];
  const child = Bun.spawn(
    ["taskset", "-c", String(clientCore), "wrk", ...settings, ...headers, run.url],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
  const [text, complaint] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if ((await child.exited) !== 0) throw new Error(`wrk ${run.url}: ${complaint || text}`);
  return parseWrk(text);
}

/**
 * wrk's own report: requests, median and 99th percentile. @throws when not every answer was good.
 */
export function parseWrk(text: string): Load {
  const requests = /^\s*(\d+) requests in /m.exec(text)?.[1];
  if (requests === undefined) throw new Error(`not a report of wrk: ${text.slice(0, 200)}`);
  const bad = /^\s*(Non-2xx or 3xx responses: \d+|Socket errors: .*)$/m.exec(text)?.[1];
  if (bad !== undefined) throw new Error(`the server did not answer every request: ${bad}`);
  const p50Ms = parseLatency(text, "50%");
  const p99Ms = parseLatency(text, "99%");
  return {
    requests: Number(requests),
    ...(p50Ms === undefined ? {} : { p50Ms }),
    ...(p99Ms === undefined ? {} : { p99Ms }),
  };
}

const unitMs = { us: 0.001, ms: 1, s: 1_000, m: 60_000 } as const;

function parseLatency(text: string, percent: string): number | undefined {
  const found = new RegExp(`^\\s*${percent}\\s+([\\d.]+)(us|ms|s|m)$`, "m").exec(text);
  const unit = found?.[2] as keyof typeof unitMs | undefined;
  return unit === undefined ? undefined : Number(found?.[1]) * unitMs[unit];
}
