import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { systemClock } from "../../src/clock.ts";
import type { Exchange } from "../../src/net/exchange.ts";
import { attemptDelivery, hostSlots, previewBytesMax } from "../../src/webhooks/attempt.ts";
import { createWebhookSecret } from "../../src/webhooks/sign.ts";
import { okAnswer, type RawConnection, startRawServer } from "../support/raw-server.ts";
import { createWebhookExchange } from "../support/webhook-bench.ts";
import { openReceiver, type ReceiverAnswer } from "../support/webhook-receiver.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

let canaryHits = 0;
/** Behind the guard: nothing may ever reach it. */
const canary = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch() {
    canaryHits += 1;
    return new Response("secret");
  },
});
afterAll(async () => {
  expect(canaryHits).toBe(0);
  await canary.stop(true);
});

interface Sent {
  readonly exchange?: Exchange;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly allowedOrigins?: readonly string[];
}

const send = (url: string, sent: Sent = {}) =>
  attemptDelivery(
    {
      exchange: sent.exchange ?? createWebhookExchange(),
      clock: systemClock,
      timeoutMs: sent.timeoutMs ?? 5000,
    },
    {
      projectId: "proj_1",
      url,
      isEnabled: true,
      secrets: [createWebhookSecret()],
      allowedOrigins: sent.allowedOrigins ?? [new URL(url).origin],
    },
    { id: "evt_1", body: "{}" },
    sent.signal ?? new AbortController().signal,
  );

const receive = (answer: ReceiverAnswer) => {
  const receiver = openReceiver(answer);
  closers.push(receiver.close);
  return receiver.url;
};

const speakRaw = (answer: (connection: RawConnection) => void) => {
  const server = startRawServer(answer, "127.0.0.2");
  closers.push(server.close);
  return `http://127.0.0.2:${server.port}/`;
};

describe("what an endpoint answers", () => {
  test("is kept up to 4 KiB, in whole characters", async () => {
    const url = receive(() => new Response("é".repeat(3000)));
    const attempt = await send(url);
    expect(attempt?.responseBodyPreview).toBe("é".repeat(previewBytesMax / 2));
    const cut = await send(receive(() => new Response(`a${"é".repeat(3000)}`)));
    expect(cut?.responseBodyPreview).toBe(`a${"é".repeat(previewBytesMax / 2 - 1)}`);
  });

  test("may be a hundred megabytes, of which next to nothing is read [W09]", async () => {
    const megabyte = new Uint8Array(1024 ** 2).fill(97);
    let sent = 0;
    const url = receive(() => {
      const pull = (controller: ReadableStreamDefaultController) => {
        sent += 1;
        controller.enqueue(megabyte);
        if (sent === 100) controller.close();
      };
      return new Response(new ReadableStream({ pull }));
    });
    const before = process.memoryUsage.rss();
    const attempt = await send(url);
    const grownMb = (process.memoryUsage.rss() - before) / 1024 ** 2;
    expect(attempt).toMatchObject({ isDelivered: true, responseBodyPreview: "a".repeat(4096) });
    expect(grownMb).toBeLessThan(16);
    expect(sent).toBeLessThan(100);
  });

  test("is not unpacked [W10]", async () => {
    const bomb = Bun.gzipSync(new Uint8Array(50 * 1024 ** 2));
    const headers = { "content-encoding": "gzip" };
    const before = process.memoryUsage.rss();
    const attempt = await send(receive(() => new Response(bomb, { headers })));
    expect(attempt?.isDelivered).toBe(true);
    expect(attempt?.responseBodyPreview?.length).toBeLessThanOrEqual(previewBytesMax);
    expect(attempt?.responseBodyPreview).not.toContain("\0");
    expect((process.memoryUsage.rss() - before) / 1024 ** 2).toBeLessThan(16);
  });

  test("may come late, or drip: then it is late", async () => {
    const silent = await send(
      receive(() => new Promise<Response>(() => {})),
      { timeoutMs: 60 },
    );
    const drip = new ReadableStream({ start: (controller) => controller.enqueue("a") });
    const dripping = await send(
      receive(() => new Response(drip)),
      { timeoutMs: 60 },
    );
    for (const attempt of [silent, dripping]) {
      expect(attempt).toMatchObject({
        isDelivered: false,
        responseCode: null,
        failure: {
          code: "webhook_timeout",
          message: "the endpoint did not answer within 0.06 seconds",
        },
      });
    }
  });

  const broken: [string, (connection: RawConnection) => void][] = [
    [
      "cut off in the middle",
      (connection) => {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        setImmediate(() => connection.reset());
      },
    ],
    ["no HTTP", (connection) => connection.end("SSH-2.0-OpenSSH_9\r\n\r\n")],
    [
      "without end before it begins",
      (connection) => connection.write("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(50)),
    ],
    ["over before it begins", (connection) => connection.end()],
    ["all headers", (connection) => connection.end(okAnswer("", "X-A: a\r\n".repeat(300)))],
  ];
  test.each(broken)("may be %s: that is a failure [W30]", async (_how, answer) => {
    const attempt = await send(speakRaw(answer), { timeoutMs: 300 });
    expect(attempt).toMatchObject({ isDelivered: false, responseCode: null });
    expect(attempt?.failure?.code).toMatch(/^webhook_(timeout|unreachable)$/);
  });

  test("may be of HTTP/1.0 [W30]", async () => {
    const url = speakRaw((connection) => connection.end("HTTP/1.0 200 OK\r\n\r\nfine"));
    expect(await send(url)).toMatchObject({ isDelivered: true, responseBodyPreview: "fine" });
  });
});

describe("a message goes nowhere but to the endpoint", () => {
  test.each([
    ["decimal", "2130706433"],
    ["hexadecimal", "0x7f000001"],
    ["octal", "0177.0.0.1"],
    ["short", "127.1"],
    ["fullwidth", "１２７.０.０.１"],
    ["with a trailing dot", "127.0.0.1."],
    ["IPv4 in IPv6", "[::ffff:127.0.0.1]"],
    ["unspecified", "0.0.0.0"],
    ["of another name", "localhost"],
    ["of another name with a dot", "localhost."],
    ["metadata", "169.254.169.254"],
  ])("not to an address behind the guard, spelled %s [W14]", async (_name, host) => {
    const url = `http://${host}:${canary.port}/`;
    const attempt = await send(url);
    expect(attempt?.failure).toMatchObject({
      code: "webhook_unreachable",
      message: "the endpoint could not be reached",
    });
  });

  test.each([
    ["private", ["127.0.0.1"]],
    ["public and private", ["127.0.0.2", "127.0.0.1"]],
    ["private from now on", ["10.0.0.1"]],
  ])("not to a name whose addresses are %s [W13]", async (_name, addresses) => {
    const exchange = createWebhookExchange(async () => addresses);
    const attempt = await send(`http://name.test:${canary.port}/`, { exchange });
    expect(attempt?.failure?.code).toBe("webhook_unreachable");
  });

  test("not to where it redirects to [W11]", async () => {
    const location = `http://127.0.0.1:${canary.port}/`;
    const attempt = await send(receive(() => Response.redirect(location)));
    expect(attempt).toMatchObject({ isDelivered: false, responseCode: 302 });
  });

  test("not to a port, nor in the clear, that is not allowed any more", async () => {
    const url = receive(() => new Response());
    const attempt = await send(url, { allowedOrigins: [] });
    expect(attempt?.failure?.detail).toContain("names port");
    const plain = await send("http://example.com/", { allowedOrigins: [] });
    expect(plain?.failure?.detail).toContain("must begin with https://");
  });
});

describe("an attempt", () => {
  test("is not made while too many wait for the host", async () => {
    const url = receive(() => new Promise<Response>(() => {}));
    const exchange = createWebhookExchange();
    const stop = new AbortController();
    const room = hostSlots.perHostMax + hostSlots.waitingMax;
    const waiting = Array.from({ length: room }, () =>
      send(url, { exchange, signal: stop.signal }).catch(() => "stopped"),
    );
    expect(await send(url, { exchange })).toBeUndefined();
    stop.abort(new Error("enough"));
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["stopped"]));
  });

  test("that is called off counts for nothing", async () => {
    const stop = new AbortController();
    const url = receive(() => {
      stop.abort(new Error("the server is stopping"));
      return new Promise<Response>(() => {});
    });
    const attempt = send(url, { signal: stop.signal });
    await expect(attempt).rejects.toThrow("the server is stopping");
  });

  test("keeps the time that the endpoint asks for", async () => {
    const headers = { "retry-after": "120" };
    const attempt = await send(receive(() => new Response("busy", { status: 503, headers })));
    expect(attempt?.failure).toEqual({
      code: "webhook_rejected",
      message: "the endpoint answered 503",
      detail: "the endpoint answered 503",
      retryAfterMs: 120_000,
    });
  });
});
