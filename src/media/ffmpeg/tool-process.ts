import { AppError } from "../../errors.ts";
import type { MediaOptions } from "../media.ts";

/** A running ffmpeg, whichever kind it is. */
export interface ToolProcess {
  /** Raw frames or progress, as the recipe has it. It must be read, or the process stands still. */
  readonly output: ReadableStream<Uint8Array>;
  /**
   * Resolves when the process has ended well.
   * @throws AppError `cancelled`, `i2v_timeout`, or `i2v_failed` with its last words as the cause.
   */
  readonly ended: Promise<void>;
  /** Resolves when the process has taken all of the bytes. */
  write(bytes: Uint8Array | string): Promise<void>;
  /** Nothing more will be written. */
  endInput(): Promise<void>;
  /** Ends it at once; `ended` is then `cancelled`. */
  kill(): void;
}

type Ending = "cancelled" | "timeout";

/** What is kept of what the process says: the reason stands in the last line. */
const complaintsMax = 4096;

/** What ffmpeg ends with when SIGINT or SIGTERM, which it catches, tells it to. */
const interruptedCode = 255;

/** Starts an ffmpeg. What it does not survive (a crash, an abort, a timeout), we do. */
export function startToolProcess(argv: readonly string[], options: MediaOptions): ToolProcess {
  const { signal, timeoutMs } = options;
  if (signal?.aborted) throw cancelled(signal.reason);
  const child = spawn(argv);
  let ending: Ending | undefined;
  const stop = (because: Ending) => {
    ending ??= because;
    child.kill("SIGKILL");
  };
  const onAbort = () => stop("cancelled");
  signal?.addEventListener("abort", onAbort, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(stop, timeoutMs, "timeout");
  let hasEnded = false;
  const settle = async () => {
    const [complaints] = await Promise.all([lastOf(child.stderr), child.exited]);
    hasEnded = true;
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
    if (child.exitCode === 0) return;
    if (ending === "cancelled") throw cancelled(signal?.reason);
    if (ending === "timeout") {
      throw new AppError("i2v_timeout", `ffmpeg was not done after ${timeoutMs} ms`);
    }
    throw failureOf(complaints, child.exitCode, child.signalCode);
  };
  const ended = settle();
  // Whoever is only writing or reading learns of the end there; nobody has to wait for it twice.
  ended.catch(() => {});
  return {
    output: child.stdout,
    ended,
    async write(bytes) {
      // A pipe to a process that is gone takes whatever it is given.
      if (!hasEnded) {
        try {
          await child.stdin.write(bytes);
          return void (await child.stdin.flush());
        } catch {
          // The pipe is broken: how the process ended tells why.
        }
      }
      await ended;
      throw new AppError("i2v_failed", "ffmpeg took no more frames");
    },
    async endInput() {
      try {
        await child.stdin.end();
      } catch {
        // The pipe is broken: how the process ended tells why.
      }
    },
    kill: () => stop("cancelled"),
  };
}

function spawn(argv: readonly string[]) {
  try {
    // In a group of its own: a terminal's Ctrl-C reaches the whole group, and is ours to answer.
    const group = { detached: true } as const;
    return Bun.spawn([...argv], { ...group, stdin: "pipe", stdout: "pipe", stderr: "pipe" });
  } catch (cause) {
    const message = `${argv[0]} cannot be started any more; is it still there?`;
    throw new AppError("missing_tool", message, { cause });
  }
}

function cancelled(cause: unknown): AppError {
  return new AppError("cancelled", "the work was cancelled", { cause });
}

function failureOf(
  complaints: string,
  exitCode: number | null,
  signalCode: NodeJS.Signals | number | null,
): AppError {
  const cause = new Error(lastLineOf(complaints) ?? `it ended with ${signalCode ?? exitCode}`);
  if (exitCode === interruptedCode) {
    return new AppError("i2v_failed", "ffmpeg was told to stop", { cause, retry: true });
  }
  if (signalCode !== null || (exitCode !== null && exitCode >= 128)) {
    // Out of memory, most often: another time there may be enough.
    const message = `ffmpeg was killed by ${signalCode ?? `signal ${(exitCode ?? 0) - 128}`}`;
    return new AppError("i2v_failed", message, { cause, retry: true });
  }
  if (complaints.includes("No space left on device")) {
    return new AppError("i2v_failed", "there is no space left on the disk", { cause, retry: true });
  }
  return new AppError("i2v_failed", `ffmpeg failed with exit code ${exitCode}`, { cause });
}

/** The last line that says something of its own: `Last message repeated …` is indented. */
function lastLineOf(complaints: string): string | undefined {
  return complaints.split("\n").findLast((line) => /^\S/.test(line));
}

async function lastOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text = (text + decoder.decode(chunk, { stream: true })).slice(-complaintsMax);
  }
  return text;
}
