import { expect, test } from "bun:test";
import { statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { systemClock } from "../../../src/clock.ts";
import { openStore } from "../../../src/db/open-store.ts";
import { seedDataDir, seededOwnerId, seededProjectId } from "../../support/seed-project.ts";
import { startServerProcess } from "../../support/server-process.ts";
import { keyHeaders } from "../../support/sign-in.ts";
import { silentLog } from "../../support/silent-log.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";
import { until } from "../../support/until.ts";

const main = join(import.meta.dir, "../../../src/main.ts");
const filesMax = 256;
const clients = 400;

// Each stream is an open file of the server's.
test.if(process.platform !== "win32")(
  "with 256 open files and 400 event streams it lives, and works again when they leave [D15]",
  async () => {
    const folder = await openTemporaryDirectory();
    const dataDir = join(folder.path, "data");
    const key = await seedDataDir(dataDir, { allowedOrigins: ["https://example.com"] });
    const config = { kind: "sqlite", path: join(dataDir, "motioness.db") } as const;
    const store = await openStore(config, { clock: systemClock, log: silentLog });
    const headers = await keyHeaders(store, seededOwnerId);
    await store.close();
    const server = await startServerProcess({
      dataDir,
      environment: { MOTIONESS_DEMO: "off" },
      command: ["sh", "-c", `ulimit -n ${filesMax}; exec "$0" "$1" serve`, process.execPath, main],
    });
    const clip = (seed: number) =>
      fetch(`${server.url}/v1/${key}/example.com/a.png.mp4?seed=${seed}`);
    // The thread that copies the write-ahead log has its files from then on. The runtime ends a
    // process that starts a thread without a file to be had.
    const copiedMs = statSync(config.path).mtimeMs;
    expect((await clip(0)).status).toBe(202);
    await until(() => statSync(config.path).mtimeMs > copiedMs);
    const port = Number(new URL(server.url).port);
    const opened = Array.from({ length: clients }, () => openStream(port, headers));
    await until(() => opened.every(({ isSettled }) => isSettled()));
    // Some get their stream, and there are not files enough for all.
    const answered = () => opened.filter(({ isAnswered }) => isAnswered()).length;
    await until(() => answered() >= 100);
    expect(answered()).toBeLessThan(filesMax);
    for (const { socket } of opened) socket.destroy();
    await until(async () => (await healthOf(server.url)) === 200);
    expect((await clip(1)).status).toBe(202);
    expect(await server.stop()).toBe(0);
    await folder.close();
  },
  30_000,
);

/** A stream that has begun, was refused, or waits for a place: no server answers it. */
function openStream(port: number, { Authorization }: { readonly Authorization: string }) {
  let state = "waiting";
  const socket: Socket = connect(port, "127.0.0.1", () => {
    state = "connected";
    const head = ["Host: a", `Authorization: ${Authorization}`, "", ""].join("\r\n");
    socket.write(`GET /api/projects/${seededProjectId}/activity HTTP/1.1\r\n${head}`);
  });
  socket.on("data", () => {
    state = "answered";
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    state = "closed";
  });
  return { socket, isSettled: () => state !== "waiting", isAnswered: () => state === "answered" };
}

async function healthOf(url: string): Promise<number> {
  return fetch(`${url}/healthz`).then(
    ({ status }) => status,
    () => 0,
  );
}
