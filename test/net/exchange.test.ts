import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { createGuardedClient } from "../../src/net/client.ts";
import type { OutboundPolicy, OutboundRequest } from "../../src/net/hop.ts";
import { errorOf } from "../support/app-error.ts";
import { createDownload } from "../support/guarded-download.ts";
import { okAnswer, startRawServer } from "../support/raw-server.ts";

// 127.0.0.2 stands for the public internet, 127.0.0.1 for what is behind the guard.
const publicHost = "127.0.0.2";
let server: ReturnType<typeof startServer>;
let canary: ReturnType<typeof startCanary>;
beforeAll(() => {
  canary = startCanary();
  server = startServer(canary.port);
});
beforeEach(() => {
  server.requests.length = 0;
});
afterAll(async () => {
  expect(canary.hits).toBe(0);
  canary.stop();
  await server.stop(true);
});
const urlOf = (path: string, host = publicHost) => `http://${host}:${server.port}${path}`;

describe("the way out", () => {
  test("leads to no address behind the guard, open or closed [S01, S26]", async () => {
    const download = createDownload();
    const open = await errorOf(download(urlOf("/", "127.0.0.1")));
    const closed = await errorOf(download("http://127.0.0.1:1/"));
    const down = await errorOf(download("http://127.0.0.3:1/"));
    const unknown = await errorOf(createDownload({ resolve: async () => [] })("http://a.test/"));
    const message =
      "the source could not be fetched from HOST: expected a public address that answers";
    for (const error of [open, closed, down, unknown]) {
      expect(error.code).toBe("source_unfetchable");
      expect(error.message.replace(/127\.0\.0\.\d|a\.test/, "HOST")).toBe(message);
    }
    expect([open.retry, closed.retry, unknown.retry]).toEqual([false, false, false]);
    expect(down.retry).toBe(true);
  });

  test.each([
    ["private", ["127.0.0.1"]],
    ["private IPv6", ["::1"]],
    ["public and private", ["127.0.0.2", "127.0.0.1"]],
    ["public and private behind many", [...Array(20).fill("127.0.0.2"), "10.0.0.1"]],
    ["public and IPv4 in IPv6", ["127.0.0.2", "::ffff:127.0.0.2"]],
    ["public and metadata", ["127.0.0.2", "169.254.169.254"]],
  ])("is closed to a name whose addresses are %s [S07]", async (_name, addresses) => {
    const download = createDownload({ resolve: async () => addresses });
    const error = await errorOf(download(urlOf("/", "name.test")));
    expect(error).toMatchObject({ code: "source_unfetchable", retry: false });
    expect(server.requests).toEqual([]);
  });

  test("leads to the address that was checked, whatever the name says later", async () => {
    const answers = [["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]];
    let asked = 0;
    const resolve = async () => answers[asked++] ?? ["127.0.0.1"];
    const bytes = await createDownload({ resolve })(urlOf("/", "rebinding.test"));
    expect(new TextDecoder().decode(bytes)).toBe(`public for rebinding.test:${server.port}`);
    expect(asked).toBe(1);
  });

  test("is tried again when the name service does not answer", async () => {
    const resolve = () => Promise.reject(Object.assign(new Error("no"), { code: "EAI_AGAIN" }));
    const error = await errorOf(createDownload({ resolve })("http://a.test/"));
    expect(error).toMatchObject({ code: "source_unfetchable", retry: true });
  });

  test("ends in time when the name service says nothing", async () => {
    const resolve = () => new Promise<never>(() => {});
    const error = await errorOf(createDownload({ resolve, timeoutMs: 50 })("http://a.test/"));
    expect(error.message).toBe("the source did not arrive within 0.05 seconds");
  });

  test("does not lead back to this server, though its network is allowed [S11]", async () => {
    const own = `http://127.0.0.2:${server.port}`;
    const resolve = async () => ["127.0.0.2"];
    for (const url of [urlOf("/"), urlOf("/", "other-name.test")]) {
      const error = await errorOf(createDownload({ ownOrigins: [own], resolve })(url));
      expect(error).toMatchObject({ code: "source_unfetchable", retry: false });
    }
    expect(server.requests).toEqual([]);
  });

  test("opens for private networks that the settings name", async () => {
    const opened = startRawServer((c) => c.end(okAnswer("opened")), "127.0.0.1");
    const download = createDownload({ allowPrivate: ["127.0.0.1/32"] });
    const bytes = await download(`http://127.0.0.1:${opened.port}/`);
    expect(new TextDecoder().decode(bytes)).toBe("opened");
    opened.close();
  });
});

describe("a redirect", () => {
  test.each([1, 5])("is followed, %i times in a row", async (count) => {
    await createDownload()(urlOf(`/hops/${count}`));
    expect(server.requests).toHaveLength(count + 1);
  });

  test.each([
    ["a sixth time", "/hops/6"],
    ["in a circle", "/circle"],
  ])("is not followed %s [S09]", async (_name, path) => {
    const error = await errorOf(createDownload()(urlOf(path)));
    expect(error).toMatchObject({ code: "source_unfetchable", retry: false });
    expect(error.message).toBe("the source redirects more than 5 times");
    expect(server.requests).toHaveLength(6);
  });

  test.each([301, 302, 303, 307, 308])("of status %i counts", async (status) => {
    const bytes = await createDownload()(urlOf(`/redirect/${status}?to=/end`));
    expect(new TextDecoder().decode(bytes)).toContain("public");
  });

  test("without a target, or with an unusual status, is a refusal", async () => {
    for (const path of ["/redirect/302", "/redirect/300?to=/end"]) {
      const error = await errorOf(createDownload()(urlOf(path)));
      expect(error.message).toStartWith("the source answered with status 30");
    }
  });

  test.each([
    ["loopback", () => `http://127.0.0.1:${server.port}/`, "could not be fetched from 127.0.0.1"],
    ["metadata", () => "http://169.254.169.254/latest", "from 169.254.169.254: expected a public"],
    [
      "a name of loopback",
      () => `http://inside.test:${server.port}/`,
      "from inside.test: expected",
    ],
    ["a file", () => "file:///etc/passwd", "a redirect of the source must begin with http"],
    ["data", () => "data:text/plain,x", "a redirect of the source must begin with http"],
    ["another port", () => "http://127.0.0.2:22/", "a redirect of the source names port 22"],
    ["a password", () => `http://a:b@127.0.0.2/`, "must not carry a user name or a password"],
    ["nonsense", () => "http://[", "a redirect of the source cannot be read"],
  ])("is checked like the first address: to %s [S09]", async (_name, target, fault) => {
    const resolve = async () => ["127.0.0.1"];
    const allowedOrigins = [urlOf("/", "127.0.0.1"), urlOf("/", "inside.test")];
    const download = createDownload({ resolve, allowedOrigins });
    const to = encodeURIComponent(target());
    const error = await errorOf(download(urlOf(`/redirect/302?to=${to}`)));
    expect(error).toMatchObject({ code: "source_unfetchable", retry: false });
    expect(error.message).toContain(fault);
  });

  test("is sent no cookie that was set on the way", async () => {
    await createDownload()(urlOf("/redirect/302?to=/end"));
    expect(server.requests.map(({ headers }) => headers.get("cookie"))).toEqual([null, null]);
  });

  test("takes from the same time, not from time of its own", async () => {
    const slow = urlOf("/slow-hops/5");
    const error = await errorOf(createDownload({ timeoutMs: 200 })(slow));
    expect(error.message).toBe("the source did not arrive within 0.2 seconds");
  });
});

describe("an exchange of another kind", () => {
  const client = createGuardedClient(
    { now: Date.now, ownOrigins: () => [] },
    { allowPrivate: ["127.0.0.2/32"] },
  );
  const policy: OutboundPolicy = {
    subject: "the endpoint",
    failedCode: "unavailable",
    tooLargeCode: "payload_too_large",
    tooLargeMessage: "the answer is too long",
    redirects: "answer",
    decompress: false,
    timeoutMs: 5000,
    sizeBytesMax: 1000,
  };
  const requestTo = (path: string): OutboundRequest => ({
    url: urlOf(path),
    method: "POST",
    headers: { "content-type": "application/json", "x-signature": "abc" },
    body: '{"a":1}',
    allowedOrigins: [urlOf("")],
    signal: new AbortController().signal,
  });

  test("sends its method, headers and body", async () => {
    const status = await client.exchange(requestTo("/post"), policy, async (a) => a.status);
    expect(status).toBe(200);
    expect(server.requests).toMatchObject([{ method: "POST", body: '{"a":1}' }]);
    expect(server.requests[0]?.headers.get("x-signature")).toBe("abc");
  });

  test("may take a redirect for an answer [W02]", async () => {
    const request = requestTo("/redirect/302?to=/end");
    const answer = await client.exchange(request, policy, async ({ status, headers }) => ({
      status,
      location: headers.get("location"),
    }));
    expect(answer).toEqual({ status: 302, location: "/end" });
    expect(server.requests).toHaveLength(1);
  });

  test("may leave a body packed [W10]", async () => {
    const bytes = await client.exchange(requestTo("/gzip"), policy, async ({ body }) => {
      return Buffer.concat(await Array.fromAsync(body));
    });
    expect([...bytes.subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  });

  test("may read only the beginning of a body [W09]", async () => {
    const size = await client.exchange(
      requestTo("/endless"),
      { ...policy, sizeBytesMax: 10 * 1024 ** 2 },
      async ({ body }) => {
        const [first] = await Array.fromAsync(take(body, 1));
        return first?.byteLength;
      },
    );
    expect(size).toBeGreaterThan(0);
  });

  test("fails with the codes and the words of its own", async () => {
    const tooLarge = client.exchange(requestTo("/endless"), policy, async ({ body }) => {
      for await (const _chunk of body);
    });
    expect(await errorOf(tooLarge)).toMatchObject({
      code: "payload_too_large",
      message: policy.tooLargeMessage,
    });
    const request = { ...requestTo("/"), url: "http://10.0.0.1/" };
    const blocked = await errorOf(client.exchange(request, policy, async () => {}));
    expect(blocked.code).toBe("unavailable");
    expect(blocked.message).toStartWith("the endpoint could not be fetched from 10.0.0.1");
  });

  test("lets through what its reader throws", async () => {
    const fault = new Error("the disk is full");
    const exchange = client.exchange(requestTo("/end"), policy, () => Promise.reject(fault));
    await expect(exchange).rejects.toBe(fault);
  });
});

async function* take<T>(items: AsyncIterable<T>, count: number): AsyncGenerator<T> {
  let taken = 0;
  for await (const item of items) {
    yield item;
    taken += 1;
    if (taken === count) return;
  }
}

function startServer(port: number) {
  const requests: { method: string; headers: Headers; body: string }[] = [];
  const server = Bun.serve({
    hostname: publicHost,
    port,
    async fetch(request) {
      const { method, headers } = request;
      requests.push({ method, headers, body: await request.text() });
      const url = new URL(request.url);
      const [, kind, value = ""] = url.pathname.split("/");
      if (kind === "hops" || kind === "slow-hops") {
        if (kind === "slow-hops") await new Promise((resolve) => setTimeout(resolve, 60));
        if (value === "0") return new Response("end of the way");
        return redirect(302, `/${kind}/${Number(value) - 1}`);
      }
      if (kind === "circle") return redirect(301, "/circle");
      if (kind === "redirect") return redirect(Number(value), url.searchParams.get("to"));
      if (kind === "gzip") {
        const packed = Bun.gzipSync("packed");
        return new Response(packed, { headers: { "content-encoding": "gzip" } });
      }
      if (kind === "endless") {
        const chunk = new Uint8Array(8192);
        return new Response(new ReadableStream({ pull: (c) => c.enqueue(chunk) }));
      }
      return new Response(`public for ${headers.get("host")}`);
    },
  });
  return Object.assign(server, { requests });
}

function redirect(status: number, location: string | null): Response {
  const headers = { ...(location === null ? {} : { location }), "set-cookie": "tracked=yes" };
  return new Response(null, { status, headers });
}

/** Must never be asked anything: the same port, on the other side of the guard. */
function startCanary() {
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open() {
        canary.hits += 1;
      },
      data() {},
    },
  });
  const canary = { hits: 0, port: listener.port, stop: () => listener.stop(true) };
  return canary;
}
