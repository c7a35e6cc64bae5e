import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Servers under measurement: started pinned to one core, waited for, stopped. They listen on
 * 127.0.0.1 only and die with the benchmark, however it ends.
 */

/** Every measured server shares this core, and every client the other. */
export const serverCore = 0;
export const clientCore = 1;

const readyTimeoutMs = 30_000;
const stopTimeoutMs = 10_000;

export interface Server {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

export interface ServerSpec {
  readonly name: string;
  readonly command: readonly string[];
  readonly port: number;
  /** Answered with anything but a 5xx when the server is up. */
  readonly readyPath: string;
  readonly env?: Readonly<Record<string, string>>;
  /** No core when the number of cores it may use is not part of the claim. */
  readonly core?: number;
}

/** Starts a server and waits until it answers. */
export async function startServer(spec: ServerSpec): Promise<Server> {
  const running = spawnServer(spec);
  const url = `http://127.0.0.1:${spec.port}${spec.readyPath}`;
  await waitUntil(() => running.hasEnded() || answers(url), readyTimeoutMs);
  if (running.hasEnded() || !(await answers(url))) {
    await running.stop();
    throw new Error(`${spec.name} did not start: ${running.complaint()}`);
  }
  return { name: spec.name, pid: running.pid, port: spec.port, stop: running.stop };
}

/** A server that was just started and may not answer yet. */
export interface Spawned {
  readonly pid: number;
  hasEnded(): boolean;
  /** The end of what it said on its standard error. */
  complaint(): string;
  stop(): Promise<void>;
}

/** Starts a server without waiting for it. */
export function spawnServer(spec: ServerSpec): Spawned {
  const core = spec.core === undefined ? [] : ["taskset", "-c", String(spec.core)];
  // The kernel ends the server with us, also when we are killed.
  const command = ["setpriv", "--pdeathsig", "TERM", ...core, ...spec.command];
  const child = Bun.spawn(command, {
    env: { ...process.env, ...spec.env },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const tail = keepTail(child.stderr);
  return {
    pid: child.pid,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    complaint: () => tail.text,
    async stop() {
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
      await child.exited;
      clearTimeout(killer);
    },
  };
}

/** Asks `isDone` every 20 ms, for at most `timeoutMs`; false when that was not enough. */
export async function waitUntil(
  isDone: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<boolean> {
  const untilMs = performance.now() + timeoutMs;
  while (performance.now() < untilMs) {
    if (await isDone()) return true;
    await Bun.sleep(20);
  }
  return false;
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
  await response?.body?.cancel();
  return response !== undefined && response.status < 500;
}

/** Reads a process's complaints to their end, so that it never waits for us, and keeps the last. */
function keepTail(stream: ReadableStream<Uint8Array>): { readonly text: string } {
  const tail = { text: "" };
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) tail.text = (tail.text + decoder.decode(chunk)).slice(-2_000);
  };
  // A pipe that breaks belongs to a server that is being stopped.
  read().catch(() => {});
  return tail;
}

/** A port that was free a moment ago. */
export function freePort(): number {
  const probe = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  return port;
}

/** Moves this process, the client, to its own core. @throws when the machine has only one. */
export async function pinClient(): Promise<void> {
  if (availableParallelism() < 2) {
    throw new Error("this benchmark needs two cores: one for the server, one for the client");
  }
  const pin = Bun.spawn(["taskset", "-acp", String(clientCore), String(process.pid)], {
    stdout: "ignore",
    stderr: "inherit",
  });
  if ((await pin.exited) !== 0) throw new Error("taskset could not pin the client");
}

/** Opens things in order, runs `work`, and closes them in reverse, whatever happens. */
export async function withCleanup<T>(
  work: (defer: (close: () => unknown) => void) => Promise<T>,
): Promise<T> {
  const closers: (() => unknown)[] = [];
  try {
    return await work((close) => closers.push(close));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** A folder that goes when the benchmark ends. */
export async function makeScratch(defer: (close: () => unknown) => void): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "motioness-bench-"));
  defer(() => rm(path, { recursive: true, force: true }));
  return path;
}
