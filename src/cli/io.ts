import { readFileSync } from "node:fs";
import type { SettingSources } from "../config/read-settings.ts";

/** What the commands touch of the process: handed in, so that nothing else reaches for it. */
export interface Io {
  readonly env: SettingSources["env"];
  readonly readFile: SettingSources["readFile"];
  /** What a command was asked for goes here … */
  readonly stdout: Output;
  /** … and what happens meanwhile goes here. */
  readonly stderr: Output;
  readonly now: () => number;
  /** Hears SIGINT and SIGTERM until the returned function is called. */
  readonly onSignal: (listener: (signal: "SIGINT" | "SIGTERM") => void) => () => void;
  /** Hears what a promise was rejected with that nobody waits for; unheard, it ends the process. */
  readonly onUnhandled: (listener: (reason: unknown) => void) => () => void;
}

export interface Output {
  write(text: string): unknown;
  /** Whether a person is looking at it. */
  readonly isTTY?: boolean;
}

/** The process itself, with the environment that its entry point was given. */
export function processIo(env: Io["env"]): Io {
  return {
    env,
    readFile: (path) => readFileSync(path, "utf8"),
    stdout: process.stdout,
    stderr: process.stderr,
    now: Date.now,
    onSignal(listener) {
      const onInterrupt = () => listener("SIGINT");
      const onTerminate = () => listener("SIGTERM");
      process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate);
      return () => process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate);
    },
    onUnhandled(listener) {
      process.on("unhandledRejection", listener);
      return () => process.off("unhandledRejection", listener);
    },
  };
}

/** One line on stdout. */
export function say(io: Io, line: string): void {
  io.stdout.write(`${line}\n`);
}
