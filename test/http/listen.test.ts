import { afterAll, describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Handlers, isLoopbackHost, openListener } from "../../src/http/listen.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const folder = await openTemporaryDirectory();
afterAll(() => folder.close());

const tcp = (host: string, port = 0) => ({ kind: "tcp", host, port }) as const;
const answering = (handle: Handlers["handle"] = () => new Response("here")) => ({
  handle,
  onError: () => new Response("failed", { status: 500 }),
});

describe("a listener", () => {
  test("says where it is reached, before its handlers are made", async () => {
    let told: string | undefined;
    const listener = await openListener(tcp("127.0.0.1"), (place) => {
      told = place.url;
      return answering();
    });
    expect(told).toBe(`http://127.0.0.1:${listener.port}`);
    expect(listener).toMatchObject({ url: told, isLoopback: true });
    expect(await (await fetch(listener.url)).text()).toBe("here");
    await listener.close();
  });

  test("on every address is reached at the loopback one, but not only there", async () => {
    const listener = await openListener(tcp("0.0.0.0"), () => answering());
    expect(listener.url).toBe(`http://127.0.0.1:${listener.port}`);
    expect(listener.isLoopback).toBe(false);
    await listener.close();
  });

  test("knows where a connection came from", async () => {
    const listener = await openListener(tcp("127.0.0.1"), () =>
      answering((request, connections) => new Response(connections.requestIP(request)?.address)),
    );
    expect(await (await fetch(listener.url)).text()).toBe("127.0.0.1");
    await listener.close();
  });

  test("answers what is under way before it closes", async () => {
    const begun = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const listener = await openListener(tcp("127.0.0.1"), () =>
      answering(async () => {
        begun.resolve();
        await finish.promise;
        return new Response("finished");
      }),
    );
    const asked = fetch(listener.url);
    await begun.promise;
    const closing = listener.close();
    finish.resolve();
    expect(await (await asked).text()).toBe("finished");
    await closing;
    expect(fetch(listener.url)).rejects.toThrow();
  });
});

describe("a socket file", () => {
  const path = join(folder.path, "front.sock");
  const get = async () => (await fetch("http://localhost/", { unix: path })).text();

  test("is listened on, and gone afterwards", async () => {
    const listener = await openListener({ kind: "unix", path }, () =>
      answering((request, connections) => new Response(String(connections.requestIP(request)))),
    );
    expect(listener).toMatchObject({ port: undefined, isLoopback: false });
    expect(await get()).toBe("null");
    expect(openListener({ kind: "unix", path }, () => answering())).rejects.toThrow("in use");
    await listener.close();
    expect(await Bun.file(path).exists()).toBe(false);
  });

  test("that a killed process left is taken over", async () => {
    const program =
      `Bun.serve({unix:${JSON.stringify(path)},fetch:()=>new Response()});` +
      `process.kill(process.pid,"SIGKILL")`;
    await Bun.spawn([process.execPath, "-e", program]).exited;
    const listener = await openListener({ kind: "unix", path }, () => answering());
    expect(await get()).toBe("here");
    await listener.close();
  });
});

describe("what cannot be listened on is named, with what to do", () => {
  test("a port in use [L13]", async () => {
    const other = createServer();
    const { promise, resolve } = Promise.withResolvers<void>();
    other.listen(0, "127.0.0.1", resolve);
    await promise;
    const { port } = other.address() as { port: number };
    const opening = openListener(tcp("127.0.0.1", port), () => answering());
    await expect(opening).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: it is in use by another program`,
    );
    other.close();
  });

  test("a port that another server of ours has", async () => {
    const first = await openListener(tcp("127.0.0.1"), () => answering());
    const opening = openListener(tcp("127.0.0.1", first.port), () => answering());
    await expect(opening).rejects.toThrow("it is in use by another program");
    await first.close();
  });

  test("an address that is not this machine's", () => {
    const opening = openListener(tcp("203.0.113.1"), () => answering());
    expect(opening).rejects.toThrow("this machine does not have that address");
  });

  test("a folder that is not there", () => {
    const path = join(folder.path, "missing", "front.sock");
    const opening = openListener({ kind: "unix", path }, () => answering());
    expect(opening).rejects.toThrow("the folder does not exist");
  });
});

test.each([
  ["127.0.0.1", true],
  ["127.8.8.8", true],
  ["localhost", true],
  ["::1", true],
  ["0.0.0.0", false],
  ["::", false],
  ["192.168.0.1", false],
  ["127.0.0.1.evil.com", false],
])("%s is loopback: %p", (host, isLoopback) => {
  expect(isLoopbackHost(host)).toBe(isLoopback);
});
