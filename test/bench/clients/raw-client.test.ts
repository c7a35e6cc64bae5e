import { afterAll, describe, expect, test } from "bun:test";
import {
  headerOf,
  openVolley,
  parseStatus,
  repeatBodiless,
  requestText,
} from "../../../bench/clients/raw-client.ts";

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: (request) => new Response("a clip", { status: request.url.endsWith("/miss") ? 202 : 200 }),
});
afterAll(() => server.stop(true));
const port = server.port ?? 0;

describe("the raw client", () => {
  test("repeats a HEAD on every connection for the time given", async () => {
    const request = requestText("HEAD", "/clip.mp4");
    const load = await repeatBodiless({ port, request, connections: 4, durationMs: 50 });
    expect(load.requests).toBeGreaterThan(4);
  });

  test("a volley is answered once on each connection, with its status and its time", async () => {
    const volley = await openVolley(port, 3);
    const paths = ["/clip.mp4", "/miss", "/miss"];
    for (let round = 0; round < 2; round++) {
      const answers = await volley.send((i) => requestText("GET", paths[i] ?? ""));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 202, 202]);
      expect(Math.min(...answers.map(({ ms }) => ms))).toBeGreaterThan(0);
    }
    volley.close();
  });

  test("finds a header in any case, and undefined where there is none", () => {
    const head = 'HTTP/1.1 200 OK\r\nX-Motioness-Asset-Id: 0123\r\nETag: "a"\r\n\r\n';
    expect(headerOf(head, "x-motioness-asset-id")).toBe("0123");
    expect(headerOf(head, "age")).toBeUndefined();
  });

  test("reads the status of the first line, and nothing that is not HTTP/1.1", () => {
    expect(parseStatus("HTTP/1.1 304 Not Modified\r\n")).toBe(304);
    expect(() => parseStatus("HTTP/2 200\r\n")).toThrow("not an HTTP/1.1 response");
  });
});
