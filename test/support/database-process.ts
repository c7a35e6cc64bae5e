import { join } from "node:path";

export interface DatabaseProcess {
  readonly pid: number;
  /** Every whole line it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves when it has printed a line that `matches`. */
  printed(matches: (line: string) => boolean): Promise<void>;
  /** Ends its input, on which `lock` and `hold` let go. */
  letGo(): Promise<void>;
  kill(): Promise<void>;
  /** Resolves with the signal that ended it, or its exit code. */
  readonly ended: Promise<string | number>;
}

/** Runs `database-program.ts`; resolves when it says `ready`, or has ended. */
export async function startDatabaseProcess(
  command: "lock" | "hold" | "commit",
  path: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<DatabaseProcess> {
  const program = join(import.meta.dir, "database-program.ts");
  const child = Bun.spawn([process.execPath, program, command, path], {
    env: { PATH: process.env["PATH"], ...environment },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const reading = (async () => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const chunk of child.stdout) {
      rest += decoder.decode(chunk, { stream: true });
      const whole = rest.split("\n");
      rest = whole.pop() ?? "";
      lines.push(...whole);
      for (const look of waiting) look();
    }
  })();
  const ended = Promise.all([child.exited, reading]).then(([code]) => child.signalCode ?? code);
  const printed = (matches: (line: string) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!lines.some(matches)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const running: DatabaseProcess = {
    pid: child.pid,
    lines,
    printed,
    async letGo() {
      await child.stdin.end();
      await ended;
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    ended,
  };
  await Promise.race([printed((line) => line === "ready"), ended]);
  return running;
}
