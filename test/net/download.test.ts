import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { errorOf } from "../support/app-error.ts";
import { createDownload, downloadNow } from "../support/guarded-download.ts";
import { okAnswer, type RawConnection, startRawServer } from "../support/raw-server.ts";

const host = "127.0.0.2";
const sizeBytesMax = 50_000;
const zeros = new Uint8Array(16 * 1024 ** 2);

describe("a source", () => {
  let server: ReturnType<typeof startServer>;
  beforeAll(() => {
    server = startServer();
  });
  afterAll(() => server.stop(true));
  const urlOf = (path: string) => `http://${host}:${server.port}${path}`;

  test("is fetched byte for byte", async () => {
    const bytes = await createDownload()(urlOf("/bytes/12345"));
    expect(bytes).toEqual(bytesOf(12345));
  });

  test.each([0, 1, sizeBytesMax - 1, sizeBytesMax])(
    "of %i bytes is within the limit, announced or not [S17]",
    async (size) => {
      expect((await createDownload()(urlOf(`/bytes/${size}`))).byteLength).toBe(size);
      expect((await createDownload()(urlOf(`/chunked/${size}`))).byteLength).toBe(size);
    },
  );

  test.each([
    ["announced", `/bytes/${sizeBytesMax + 1}`],
    ["not announced [S15]", `/chunked/${sizeBytesMax + 1}`],
    ["endless [S19]", "/endless"],
    ["small and unpacked to more by gzip [S18]", "/bomb/gzip"],
    ["small and unpacked to more by brotli [S18]", "/bomb/br"],
    ["small and unpacked to more by zstd [S18]", "/bomb/zstd"],
  ])("larger than the limit is cut off: %s [S17]", async (_name, path) => {
    const error = await errorOf(createDownload()(urlOf(path)));
    expect(error).toMatchObject({ code: "source_too_large", retry: false });
    expect(error.message).toBe("too large");
  });

  test("over 10 MB is refused in the words that an upload is refused in [S17]", async () => {
    const download = createDownload({ limits: "default" });
    const error = await errorOf(download(urlOf(`/bytes/${10 * 1024 ** 2 + 1}`)));
    expect(error.message).toBe("file exceeds 10 MB limit");
  });

  test("that a server compresses all the same is unpacked", async () => {
    const text = new TextDecoder().decode(await createDownload()(urlOf("/gzip")));
    expect(text).toBe("unpacked");
  });

  test.each([400, 401, 403, 404, 410, 415, 304, 300])(
    "that is refused with %i is not asked for again",
    async (status) => {
      const error = await errorOf(createDownload()(urlOf(`/status/${status}`)));
      expect(error).toMatchObject({ code: "source_unfetchable", retry: false });
      expect(error.message).toBe(`the source answered with status ${status}`);
      expect(error.retryAfterMs).toBeUndefined();
    },
  );

  test.each([408, 425, 429, 500, 502, 503, 504, 529])(
    "that fails with %i is asked for again",
    async (status) => {
      const error = await errorOf(createDownload()(urlOf(`/status/${status}`)));
      expect(error).toMatchObject({ code: "source_unfetchable", retry: true });
    },
  );

  test("is asked for again when the server says, in seconds or as a date", async () => {
    const inSeconds = await errorOf(createDownload()(urlOf("/status/429?after=7")));
    expect(inSeconds.retryAfterMs).toBe(7000);
    const date = new Date(downloadNow + 90_000).toUTCString();
    const asDate = await errorOf(createDownload()(urlOf(`/status/503?after=${date}`)));
    expect(asDate.retryAfterMs).toBe(90_000);
    const permanent = await errorOf(createDownload()(urlOf("/status/404?after=7")));
    expect(permanent.retryAfterMs).toBeUndefined();
  });

  test("is asked for with the URL's own host, and with nothing that tells who asks", async () => {
    const resolve = async () => [host];
    await createDownload({ resolve })(`http://named.test:${server.port}/headers?q=%20x#fragment`);
    const [first] = server.seen("/headers");
    expect(first?.url).toBe(`http://named.test:${server.port}/headers?q=%20x`);
    expect(Object.keys(first?.headers ?? {}).sort()).toEqual([
      "accept",
      "accept-encoding",
      "host",
      "user-agent",
    ]);
  });

  test("is fetched from a host by at most four connections at once [S22]", async () => {
    const download = createDownload();
    await Promise.all(Array.from({ length: 40 }, () => download(urlOf("/counted"))));
    expect(server.mostAtOnce()).toBe(4);
  });

  test("is fetched from the next address when nobody listens at the first", async () => {
    const resolve = async () => ["127.0.0.3", host];
    const bytes = await createDownload({ resolve })(`http://two.test:${server.port}/bytes/10`);
    expect(bytes).toEqual(bytesOf(10));
  });
});

describe("a source behind a server that misbehaves", () => {
  const fetchFrom = async (
    answer: (connection: RawConnection) => void,
    world: Parameters<typeof createDownload>[0] = {},
  ) => {
    const server = startRawServer(answer, host);
    try {
      return await createDownload(world)(`http://${host}:${server.port}/`);
    } finally {
      server.close();
    }
  };

  test.each<[string, (connection: RawConnection) => void]>([
    ["header after header [S14]", (c) => drip(c, "HTTP/1.1 200 OK\r\n", "X-A: b\r\n")],
    ["byte after byte [S14]", (c) => drip(c, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", "x")],
    ["promise after promise", (c) => drip(c, "", "HTTP/1.1 100 Continue\r\n\r\n")],
    ["nothing at all", () => {}],
    ["a header and nothing more", (c) => c.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")],
  ])("ends when its time is up: %s", async (_name, answer) => {
    const startedAt = performance.now();
    const error = await errorOf(fetchFrom(answer, { timeoutMs: 150 }));
    expect(error).toMatchObject({ code: "source_unfetchable", retry: true });
    expect(error.message).toBe("the source did not arrive within 0.15 seconds");
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test.each<[string, (connection: RawConnection) => void]>([
    ["a reset", (c) => c.reset()],
    ["an early end", (c) => c.end("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort")],
    ["no HTTP", (c) => c.end("220 mail.example.com ESMTP\r\n")],
    [
      "no chunk's end",
      (c) => c.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
    ],
    ["a false compression", (c) => c.end(okAnswer("not packed", "Content-Encoding: gzip\r\n"))],
    ["endless headers", (c) => c.write(`HTTP/1.1 200 OK\r\n${"X-A: b\r\n".repeat(10_000)}`)],
  ])("is worth another try after %s", async (_name, answer) => {
    const error = await errorOf(fetchFrom(answer));
    expect(error).toMatchObject({ code: "source_unfetchable", retry: true });
    expect(error.message).not.toContain("gzip");
  });

  test.each([
    ["a header of 1 MB", `X-Large: ${"a".repeat(1024 ** 2)}\r\n`],
    ["200 headers", Array.from({ length: 200 }, (_, index) => `X-${index}: a\r\n`).join("")],
  ])("is refused with %s [S25]", async (_name, headers) => {
    const error = await errorOf(fetchFrom((c) => c.end(okAnswer("body", headers))));
    expect(error).toMatchObject({ code: "source_unfetchable", retry: false });
    expect(error.message).toContain("more than 100 headers or 65536 bytes of them");
  });

  test("is let go of as soon as the caller gives up", async () => {
    const controller = new AbortController();
    const fetched = fetchFrom(
      (c) => {
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
        controller.abort(new Error("no longer wanted"));
      },
      { signal: controller.signal },
    );
    await expect(fetched).rejects.toThrow("no longer wanted");
  });

  test("keeps no connection, whether it was fetched, refused or given up", async () => {
    const answers = [okAnswer("fine"), "HTTP/1.1 404 No\r\nContent-Length: 9999\r\n\r\nx"];
    for (const answer of answers) {
      const closed = Promise.withResolvers<void>();
      const listener = Bun.listen({
        hostname: host,
        port: 0,
        socket: { data: (socket) => void socket.write(answer), close: () => closed.resolve() },
      });
      await createDownload()(`http://${host}:${listener.port}/`).catch(() => {});
      await closed.promise;
      listener.stop(true);
    }
  });
});

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, index) => index * 31);
}

/** Begins an answer and goes on with a little more every few milliseconds. */
function drip(connection: RawConnection, beginning: string, drop: string): void {
  connection.write(beginning);
  const timer = setInterval(() => connection.write(drop), 10);
  setTimeout(() => clearInterval(timer), 1000).unref();
}

function startServer() {
  const bombs: Readonly<Record<string, Buffer<ArrayBuffer>>> = {
    gzip: gzipSync(zeros),
    br: brotliCompressSync(zeros),
    zstd: zstdCompressSync(zeros),
  };
  const seen: { path: string; url: string; headers: Record<string, string> }[] = [];
  let active = 0;
  let mostAtOnce = 0;
  const server = Bun.serve({
    hostname: host,
    port: 0,
    async fetch(request) {
      const url = new URL(request.url);
      const [, kind, value = ""] = url.pathname.split("/");
      seen.push({
        path: url.pathname,
        url: request.url,
        headers: Object.fromEntries(request.headers),
      });
      if (kind === "bytes") return new Response(new Blob([bytesOf(Number(value))]));
      if (kind === "chunked") return new Response(pieces(bytesOf(Number(value))));
      if (kind === "endless") return new Response(endless());
      if (kind === "bomb") {
        return new Response(new Blob([bombs[value] ?? ""]), {
          headers: { "content-encoding": value },
        });
      }
      if (kind === "gzip") {
        return new Response(gzipSync("unpacked"), { headers: { "content-encoding": "gzip" } });
      }
      if (kind === "status") {
        const after = url.searchParams.get("after");
        const headers = after === null ? {} : { "retry-after": after };
        return new Response(Number(value) === 304 ? null : "no", {
          status: Number(value),
          headers,
        });
      }
      if (kind === "counted") {
        active += 1;
        mostAtOnce = Math.max(mostAtOnce, active);
        await new Promise((resolve) => setTimeout(resolve, 3));
        active -= 1;
      }
      return new Response("fine");
    },
  });
  return Object.assign(server, {
    seen: (path: string) => seen.filter((one) => one.path === path),
    mostAtOnce: () => mostAtOnce,
  });
}

function pieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let start = 0;
  return new ReadableStream({
    pull(controller) {
      if (start >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.slice(start, start + 10_000));
      start += 10_000;
    },
  });
}

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(8192)) });
}
