import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MediaTool } from "../../src/media/media.ts";

/** A tool whose processes can be told of afterwards, by the numbers that they leave in a file. */
export interface CountedTool {
  readonly tool: MediaTool;
  /** How many were started. */
  started(): Promise<number>;
  /** Those that still run. */
  running(): Promise<readonly number[]>;
}

/** Wraps `tool` in a shell that writes its number down and becomes the tool. */
export function countTool(tool: MediaTool, directory: string): CountedTool {
  const path = join(directory, `pids-${crypto.randomUUID()}`);
  const script = 'echo $$ >> "$0"; exec "$@"';
  const pids = async () => {
    const file = Bun.file(path);
    const text = (await file.exists()) ? await file.text() : "";
    return text.split("\n").filter(Boolean).map(Number);
  };
  return {
    tool: { ...tool, argv: ["sh", "-c", script, path, ...tool.argv] },
    started: async () => (await pids()).length,
    running: async () => (await pids()).filter(isRunning),
  };
}

/** A zombie has ended: it only waits to be counted. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (!existsSync("/proc/self/stat")) return true;
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
