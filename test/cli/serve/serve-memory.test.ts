import { afterAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServerProcess } from "../../support/server-process.ts";
import { until } from "../../support/until.ts";

const home = mkdtempSync(join(tmpdir(), "serve-memory-"));
afterAll(() => rmSync(home, { recursive: true }));

/** 80 MB is what is promised; machines differ in how much of a file they read at a time. */
const idleMegabytesMax = 80 * 1.1;

test.skipIf(!existsSync("/proc/self/status"))("an idle server is a small process", async () => {
  const server = await startServerProcess({
    dataDir: home,
    environment: { MOTIONESS_DEMO: "off" },
  });
  try {
    await until(async () => (await fetch(`${server.url}/readyz`)).ok);
    expect(residentMegabytes(server.pid)).toBeLessThan(idleMegabytesMax);
  } finally {
    await server.stop();
  }
});

function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
