/** `bun bench/main.ts NAME [flags]` runs one benchmark; without a name it lists what there is. */

interface Benchmark {
  readonly what: string;
  readonly run: (args: readonly string[]) => Promise<void>;
}

const benchmarks: Readonly<Record<string, Benchmark>> = {
  hot: {
    what: "ready clips, 304, 202, HEAD and ranges against nginx and Varnish (P1 to P5)",
    run: async (args) => (await import("./hot.ts")).benchHot(args),
  },
  sse: {
    what: "event streams against nginx with nchan: memory and latency (P6, P7)",
    run: async (args) => (await import("./sse.ts")).benchSse(args),
  },
  mixed: {
    what: "hot answers while ten thousand event streams are open (P8)",
    run: async (args) => (await import("./mixed.ts")).benchMixed(args),
  },
  db: {
    what: "commits with checkpoints off the thread, and replay of a long log (P11, P12)",
    run: async (args) => (await import("./db.ts")).benchDb(args),
  },
  cold: {
    what: "from exec to the first answer, and idle memory, against nginx (P15)",
    run: async (args) => (await import("./cold.ts")).benchCold(args),
  },
  miss: {
    what: "five hundred first requests for one clip at the same moment (P16)",
    run: async (args) => (await import("./miss.ts")).benchMiss(args),
  },
  webhooks: {
    what: "messages to a live endpoint beside a thousand that wait for a dead one (W27)",
    run: async (args) => (await import("./webhooks.ts")).benchWebhooks(args),
  },
  memory: {
    what: "resident memory when idle, and with two renders at work",
    run: async (args) => (await import("./memory.ts")).benchMemory(args),
  },
  soak: {
    what: "resident memory over a thousand generations",
    run: async (args) => (await import("./soak.ts")).benchSoak(args),
  },
  delay: {
    what: "how late the main thread's timers are while two clips are made",
    run: async (args) => (await import("./loop-delay.ts")).benchLoopDelay(args),
  },
  engine: {
    what: "processor time of the local engine against the encoder alone",
    run: async (args) => (await import("./engine.ts")).benchEngine(args),
  },
  rivals: {
    what: "the local engine against ffmpeg's zoompan and perspective: smoothness, time, bytes",
    run: async (args) => (await import("./rivals.ts")).benchRivals(args),
  },
};

export async function main(args: readonly string[]): Promise<void> {
  const [name = "", ...flags] = args;
  const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (benchmark) return benchmark.run(flags);
  const lines = Object.entries(benchmarks).map(([key, { what }]) => `  ${key.padEnd(8)} ${what}`);
  console.error(["usage: bun bench/main.ts NAME [flags]", ...lines].join("\n"));
  process.exitCode = 2;
}

if (import.meta.main) await main(process.argv.slice(2));
