import { join } from "node:path";

/** `bun bench/main.ts NAME [flags]` runs `bench/NAME.ts`; without a name it lists what there is. */

const benchmarks: Readonly<Record<string, string>> = {
  hot: "ready clips, 304, 202, HEAD and ranges against nginx and Varnish (P1 to P5)",
  sse: "memory and latency of event streams against nginx with nchan (P6, P7)",
  mixed: "ready clips beside ten thousand idle event streams (P8)",
  db: "commits with checkpoints off the thread, and replay of a long log (P11, P12)",
  cold: "from exec to the first answer, and idle memory, against nginx (P15)",
  miss: "five hundred first requests for one clip at the same moment (P16)",
  memory: "resident memory when idle, and with two renders at work",
  soak: "resident memory over a thousand generations",
  engine: "processor time of the local engine against the encoder alone",
};

async function main(args: readonly string[]): Promise<number> {
  const [name = "", ...flags] = args;
  if (!Object.hasOwn(benchmarks, name)) {
    const lines = Object.entries(benchmarks).map(([key, what]) => `  ${key.padEnd(8)} ${what}`);
    console.error(["usage: bun bench/main.ts NAME [flags]", ...lines].join("\n"));
    return 2;
  }
  const command = [process.execPath, join(import.meta.dir, `${name}.ts`), ...flags];
  return Bun.spawn(command, { stdio: ["inherit", "inherit", "inherit"] }).exited;
}

process.exitCode = await main(process.argv.slice(2));
