import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setInterval } from "node:timers/promises";
import { startServerProcess } from "../../support/server-process.ts";

const main = join(import.meta.dir, "../../../src/main.ts");
let home = "";
let folder = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "serve-"));
  folder = join(home, "data");
  mkdirSync(folder);
});
afterEach(() => rmSync(home, { recursive: true }));

describe("motioness serve", () => {
  test("prints a link that can be followed, and keeps its secret for its owner", async () => {
    const server = await startServerProcess({ dataDir: folder, environment: calm });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(statSync(join(folder, "secret.key")).mode & 0o777).toBe(0o600);
    expect(await server.stop("SIGTERM")).toBe(0);
  });

  test("greets a person with a banner that ends with the link", async () => {
    const { stdout, stop } = await startWithOutput({ MOTIONESS_LOG_FORMAT: "text" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toStartWith("motioness ");
    expect(stdout).toContain(`${folder} (existing; `);
    expect(stdout).toContain("  database  sqlite");
    expect(lines.at(-1)).toMatch(/^ {2}http:\/\/127\.0\.0\.1:\d+$/);
    await stop();
  });

  test("never links to a wildcard address", async () => {
    const { stdout, stop } = await startWithOutput({ MOTIONESS_LISTEN: "0.0.0.0:0" });
    expect(stdout).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n/);
    expect(stdout).not.toContain("0.0.0.0");
    await stop();
  });

  test("takes the two signals of one Ctrl-C for one, and drains", async () => {
    const { child, stop } = await startWithOutput({});
    child.kill("SIGINT");
    child.kill("SIGINT");
    expect(await stop()).toBe(0);
  });

  test("ends at once when it has nothing to do [L01]", async () => {
    const { child, stop } = await startWithOutput({});
    const startedMs = performance.now();
    expect(await stop()).toBe(0);
    expect(child.signalCode).toBeNull();
    // A second on a machine with nothing else to do.
    expect(performance.now() - startedMs).toBeLessThan(3000);
  });

  test("ends at once when it is told again, and starts anew where it stood [L05]", async () => {
    const { child, stdout } = await startWithOutput({});
    const url = new URL(/http:\S+/.exec(stdout)?.[0] ?? "");
    // An answer under way keeps the first signal waiting for five seconds.
    const socket = connect(Number(url.port), url.hostname);
    socket.on("error", () => {});
    const head = "POST /api/user/signin HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{";
    await new Promise((resolve) => socket.write(head, resolve));
    expect((await fetch(`${url.origin}/healthz`)).status).toBe(200);
    const startedMs = performance.now();
    for await (const _ of setInterval(100)) {
      if (child.exitCode !== null) break;
      child.kill("SIGTERM");
    }
    socket.destroy();
    expect(child.exitCode).toBe(1);
    expect(performance.now() - startedMs).toBeLessThan(4000);
    const next = await startServerProcess({ dataDir: folder, environment: calm });
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
    expect(await next.stop()).toBe(0);
  }, 20_000);

  test("ends with 4 and every problem when the settings do not hold", async () => {
    const { code, stderr } = await runToEnd({
      MOTIONESS_LISTEN: "nowhere",
      MOTIONESS_CONCURRENCY: "0",
    });
    expect(code).toBe(4);
    expect(stderr).toContain("The settings have 2 problems:");
    expect(stderr).toContain("MOTIONESS_LISTEN: got");
    expect(stderr).toContain("MOTIONESS_CONCURRENCY: got");
    expect(readdirSync(folder)).toEqual([]);
  });

  test("refuses a data folder that another server holds", async () => {
    const server = await startServerProcess({ dataDir: folder, environment: calm });
    const { code, stderr } = await runToEnd({});
    expect(code).toBe(1);
    expect(stderr).toContain("is in use by");
    await server.stop();
  });
});

/** The samples would keep both processor cores busy for other tests. */
const calm = { MOTIONESS_DEMO: "off" };

function spawn(environment: Readonly<Record<string, string>>) {
  return Bun.spawn([process.execPath, main], {
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      MOTIONESS_LISTEN: "127.0.0.1:0",
      MOTIONESS_DATA_DIR: folder,
      ...calm,
      ...environment,
    },
    stdout: "pipe",
    stderr: "pipe",
  });
}

/** Starts a server and reads what it prints up to the link. */
async function startWithOutput(environment: Readonly<Record<string, string>>) {
  const child = spawn(environment);
  let stdout = "";
  for await (const chunk of child.stdout) {
    stdout += new TextDecoder().decode(chunk);
    if (/http:\/\/\S+\n+$/.test(stdout)) break;
  }
  const stop = async () => {
    child.kill("SIGTERM");
    return child.exited;
  };
  return { child, stdout, stop };
}

async function runToEnd(environment: Readonly<Record<string, string>>) {
  const child = spawn(environment);
  const [code, stderr] = await Promise.all([child.exited, new Response(child.stderr).text()]);
  return { code, stderr };
}
