import { readFileSync } from "node:fs";
import { parseProcessCpu } from "./gate.ts";

/** What this process and its ended children worked meanwhile, in CPU milliseconds. */
export async function cpuOf(
  work: () => Promise<unknown>,
): Promise<{ readonly ownMs: number; readonly childrenMs: number }> {
  const before = parseProcessCpu(readFileSync("/proc/self/stat", "utf8"));
  await work();
  const after = parseProcessCpu(readFileSync("/proc/self/stat", "utf8"));
  return {
    ownMs: after.ownMs - before.ownMs,
    childrenMs: after.childrenMs - before.childrenMs,
  };
}
