import { readdir, readFile } from "node:fs/promises";

/**
 * The gate of a shared machine: what the whole machine worked, what the measured processes worked,
 * and so how much of a window somebody else took. Times are CPU milliseconds since boot.
 */

/** The kernel's USER_HZ: `/proc` counts in hundredths of a second on every Linux of today. */
const tickMs = 10;
/** A window waits until the machine was at most this busy for one sample. */
const quietSampleMs = 250;
const quietBusyMsMax = 40;

/** What all cores worked: user, nice, system, irq and softirq of the `cpu` line of `/proc/stat`. */
export function parseBusyMs(procStat: string): number {
  const line = procStat.split("\n").find((text) => text.startsWith("cpu "));
  if (line === undefined) throw new Error("/proc/stat has no `cpu` line");
  const [user, nice, system, , , irq, softirq] = line.trim().split(/\s+/).slice(1).map(Number);
  return [user, nice, system, irq, softirq].reduce<number>((sum, n) => sum + (n ?? 0), 0) * tickMs;
}

export interface ProcessCpu {
  readonly parentPid: number;
  /** Of the process and all its threads. */
  readonly ownMs: number;
  /** Of its children that ended and were waited for. */
  readonly childrenMs: number;
}

/** One line of `/proc/<pid>/stat`; the command's name may itself hold spaces and parentheses. */
export function parseProcessCpu(stat: string): ProcessCpu {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Numbered as in proc(5); 3 is the first.
  const at = (field: number) => Number(fields[field - 3]);
  return {
    parentPid: at(4),
    ownMs: (at(14) + at(15)) * tickMs,
    childrenMs: (at(16) + at(17)) * tickMs,
  };
}

/** `VmRSS` of `/proc/<pid>/status`, in bytes. */
export function parseRssBytes(status: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kibibytes === undefined) throw new Error("the process has no VmRSS line: it has ended");
  return Number(kibibytes) * 1024;
}

/** CPU that was neither the server's nor the client's, as a share of one core. */
export function foreignShare(window: {
  readonly busyMs: number;
  readonly serverMs: number;
  readonly clientMs: number;
  readonly wallMs: number;
}): number {
  return (window.busyMs - window.serverMs - window.clientMs) / window.wallMs;
}

/** A pid with all its living descendants. */
export async function processTree(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    const stat = /^\d+$/.test(name) ? await readProcess(Number(name), "stat") : undefined;
    if (stat !== undefined) parents.set(Number(name), parseProcessCpu(stat).parentPid);
  }
  const tree = [pid];
  for (const member of tree) {
    for (const [child, parent] of parents) if (parent === member) tree.push(child);
  }
  return tree;
}

/** What a process and its descendants worked, those that already ended included. */
export async function treeCpuMs(pid: number): Promise<number> {
  let totalMs = 0;
  for (const member of await processTree(pid)) {
    const stat = await readProcess(member, "stat");
    if (stat === undefined) continue;
    const cpu = parseProcessCpu(stat);
    totalMs += cpu.ownMs + cpu.childrenMs;
  }
  return totalMs;
}

/** Resident memory of a process and its descendants, shared pages counted in each. */
export async function treeRssBytes(pid: number): Promise<number> {
  let totalBytes = 0;
  for (const member of await processTree(pid)) {
    const status = await readProcess(member, "status");
    if (status?.includes("VmRSS:")) totalBytes += parseRssBytes(status);
  }
  return totalBytes;
}

/** Resident memory of one process without its children. @throws Error when it has ended. */
export async function rssBytes(pid: number): Promise<number> {
  return parseRssBytes((await readProcess(pid, "status")) ?? "");
}

export interface Reading {
  readonly atMs: number;
  readonly busyMs: number;
  readonly serverMs: number;
  readonly clientMs: number;
}

/**
 * Everything a window needs, read at one moment. The client is this process with its children that
 * ended; without a server's pid, servers that come and go within the window count there too.
 */
export async function takeReading(serverPid: number | undefined): Promise<Reading> {
  const serverMs = serverPid === undefined ? 0 : await treeCpuMs(serverPid);
  const own = await readProcess(process.pid, "stat");
  const client = parseProcessCpu(own ?? "");
  return {
    atMs: performance.now(),
    busyMs: parseBusyMs(await readFile("/proc/stat", "utf8")),
    serverMs,
    clientMs: client.ownMs + client.childrenMs,
  };
}

/** Waits for a calm moment, or for `patienceMs`; whether it came is for the window to show. */
export async function waitQuiet(patienceMs: number): Promise<void> {
  const untilMs = performance.now() + patienceMs;
  let before = parseBusyMs(await readFile("/proc/stat", "utf8"));
  while (performance.now() < untilMs) {
    await Bun.sleep(quietSampleMs);
    const after = parseBusyMs(await readFile("/proc/stat", "utf8"));
    if (after - before <= quietBusyMsMax) return;
    before = after;
  }
}

/** A file of a process, or undefined when the process has ended meanwhile. */
async function readProcess(pid: number, file: "stat" | "status"): Promise<string | undefined> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => undefined);
}
