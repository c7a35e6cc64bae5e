import { describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { until } from "../../support/until.ts";
import { finishClip, openTestServer } from "../test-server.ts";

const server = await openTestServer();
const path = server.url("acme.com/large.png.mp4");
const { headers } = await server.get(path);
const bytes = new Uint8Array(10 * 1024 * 1024).fill(3);
await finishClip(server, headers["x-motioness-asset-id"] ?? "", { bytes });

const openFiles = async () => (await readdir("/proc/self/fd")).length;

/** Asks for the large clip, and takes no more than the first bytes of it. */
function askAndStop(): Promise<Socket> {
  const { promise, resolve } = Promise.withResolvers<Socket>();
  const socket = connect(server.port, "127.0.0.1", () =>
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a.com\r\n\r\n`),
  );
  socket.once("data", () => {
    socket.pause();
    resolve(socket);
  });
  socket.on("error", () => socket.destroy());
  return promise;
}

// What is open is only to be seen where there is a /proc.
describe.if(process.platform === "linux")("clients that do not read on", () => {
  test("leave nothing open when they go [H16]", async () => {
    await server.get(path, { Range: "bytes=0-0" });
    const before = await openFiles();
    for (let round = 0; round < 10; round++) {
      const sockets = await Promise.all(Array.from({ length: 20 }, askAndStop));
      for (const socket of sockets) socket.destroy();
    }
    await until(async () => (await openFiles()) <= before + 2);
  });

  test("cost little memory while they stay, and nobody else waits for them [H17]", async () => {
    const before = process.memoryUsage().rss;
    const sockets = await Promise.all(Array.from({ length: 100 }, askAndStop));
    expect((await server.get("/healthz")).status).toBe(200);
    expect((await server.get(path, { Range: "bytes=0-9" })).body).toHaveLength(10);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    for (const socket of sockets) socket.destroy();
  });

  test("and those that never finish their headers hold up nobody [H18]", async () => {
    const sockets = Array.from({ length: 200 }, () => {
      const socket = connect(server.port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nX"));
      socket.on("error", () => socket.destroy());
      return socket;
    });
    expect((await server.get(path, { Range: "bytes=0-9" })).status).toBe(206);
    for (const socket of sockets) socket.destroy();
  });
});
