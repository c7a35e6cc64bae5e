import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Resolves with the signal that ended it, or its exit code. */
  readonly ended: Promise<string | number>;
  stop(signal?: NodeJS.Signals): Promise<string | number>;
}

export interface ServerProcessOptions {
  readonly dataDir: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** How to start it; the program's source when not given. */
  readonly command?: readonly string[];
}

const startTimeoutMs = 30_000;

/** Starts the program as its user would, on a free port, and waits until it says where it is. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const child = Bun.spawn(
    [...(options.command ?? [process.execPath, join(root, "src", "main.ts"), "serve"])],
    {
      env: {
        PATH: process.env["PATH"],
        HOME: options.dataDir,
        MOTIONESS_LISTEN: "127.0.0.1:0",
        MOTIONESS_DATA_DIR: options.dataDir,
        MOTIONESS_LOG_FORMAT: "json",
        ...options.environment,
      },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const ended = child.exited.then((code) => child.signalCode ?? code);
  const output = collect([child.stdout, child.stderr]);
  const url = await Promise.race([
    output.match(/http:\/\/127\.0\.0\.1:\d+/),
    ended.then((how) => Promise.reject(new Error(`the server ended (${how}):\n${output.text()}`))),
    rejectAfter(startTimeoutMs, () => `no link after ${startTimeoutMs} ms:\n${output.text()}`),
  ]);
  return {
    url,
    pid: child.pid,
    ended,
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
  };
}

function collect(streams: readonly ReadableStream<Uint8Array>[]) {
  let text = "";
  const waiting = new Set<() => void>();
  for (const stream of streams) {
    void (async () => {
      const decoder = new TextDecoder();
      for await (const chunk of stream) {
        text += decoder.decode(chunk, { stream: true });
        for (const wake of waiting) wake();
      }
    })();
  }
  return {
    text: () => text,
    match: (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        const look = () => {
          const found = pattern.exec(text);
          if (!found) return;
          waiting.delete(look);
          resolve(found[0]);
        };
        waiting.add(look);
        look();
      }),
  };
}

function rejectAfter(ms: number, describe: () => string): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(describe())), ms).unref();
  });
}
