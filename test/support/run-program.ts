import { runProgram } from "../../src/cli/program.ts";

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Unix milliseconds; the present when not given. */
  readonly now?: number;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program in this process, with an environment and files of its own. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const written = { stdout: "", stderr: "" };
  const code = await runProgram(args, {
    env: options.env ?? {},
    readFile: (path) => {
      const content = options.files?.[path];
      if (content === undefined) throw new Error("no such file");
      return content;
    },
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    now: () => options.now ?? Date.now(),
    onSignal: () => () => {},
    onUnhandled: () => () => {},
  });
  return { code, ...written };
}
