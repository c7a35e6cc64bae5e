import { describe, expect, test } from "bun:test";
import {
  foreignShare,
  parseBusyMs,
  parseProcessCpu,
  parseRssBytes,
  processTree,
  takeReading,
} from "../../../bench/measure/gate.ts";

/** Only Linux tells through `/proc` what its processes do. */
const onLinux = test.skipIf(process.platform !== "linux");

describe("the gate of a shared machine", () => {
  test("counts user, nice, system, irq and softirq as work, and idle and iowait as none", () => {
    const text = "cpu  100 20 30 9999 8888 4 5 7777 0 0\ncpu0 1 1 1 1 1 1 1 0 0 0\nctxt 1\n";
    expect(parseBusyMs(text)).toBe((100 + 20 + 30 + 4 + 5) * 10);
  });

  test("says so when there is no line of all cores", () => {
    expect(() => parseBusyMs("cpu0 1 2 3\n")).toThrow("/proc/stat");
  });

  test("reads a process whose name holds spaces and parentheses", () => {
    const stat = "42 (a (b) c) S 7 42 42 0 -1 4194560 100 0 0 0 11 22 33 44 20 0 5 0 99 0 0";
    expect(parseProcessCpu(stat)).toEqual({ parentPid: 7, ownMs: 330, childrenMs: 770 });
  });

  test("reads resident memory in bytes, and refuses a process that has ended", () => {
    expect(parseRssBytes("Name:\tx\nVmRSS:\t   1234 kB\n")).toBe(1234 * 1024);
    expect(() => parseRssBytes("Name:\tx\nState:\tZ (zombie)\n")).toThrow("ended");
  });

  test("leaves to others what neither the server nor the client worked", () => {
    const window = { busyMs: 2_000, serverMs: 900, clientMs: 950, wallMs: 1_000 };
    expect(foreignShare(window)).toBeCloseTo(0.15);
  });

  onLinux("finds a child among the processes, and counts it until it has ended", async () => {
    const child = Bun.spawn(["cat"], { stdin: "pipe", stdout: "ignore" });
    expect(await processTree(process.pid)).toContain(child.pid);
    child.stdin.end();
    await child.exited;
    expect(await processTree(process.pid)).not.toContain(child.pid);
  });

  onLinux("reads everything of a window at one moment", async () => {
    const reading = await takeReading(process.pid);
    expect(reading.busyMs).toBeGreaterThan(0);
    expect(reading.clientMs).toBeGreaterThan(0);
    expect(reading.serverMs).toBeGreaterThanOrEqual(reading.clientMs);
  });
});
