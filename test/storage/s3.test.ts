import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openS3, type S3Limits } from "../../src/storage/s3.ts";
import type { S3StorageConfig } from "../../src/storage/s3-client.ts";
import { interruptedBlob, storageContract } from "../contracts/storage.ts";
import { codeOf, errorOf } from "../support/app-error.ts";
import { freeze } from "../support/freeze.ts";
import { countUnfinishedUploads, createBucket, type S3Account } from "../support/s3-request.ts";
import { realS3Account, realS3Process, startS3rver } from "../support/s3-server.ts";

const contentType = "video/mp4";
const bytes = new TextEncoder().encode("0123456789");
const account = realS3Account();
const frozenPid = realS3Process();

describe("S3 storage on s3rver", () => {
  storageContract(async () => {
    const server = await startS3rver();
    return { storage: openS3(configOf(server.account, server.bucket)), close: server.close };
  });
});

if (account) describe("S3 storage on a real server", () => testRealServer(account));
else test.skip("S3 storage on a real server: MOTIONESS_TEST_S3_ENDPOINT, … are not set", () => {});

function testRealServer(real: S3Account): void {
  const bucket = `motioness-test-${Date.now().toString(36)}`;
  const config = configOf(real, bucket);
  beforeAll(() => createBucket(real, bucket));

  storageContract(async () => ({ storage: openS3(config), close: async () => {} }));

  test("the content type is kept", async () => {
    await openS3(config).put("typed", bytes, { contentType });
    const client = new Bun.S3Client({ ...real, bucket, region: "us-east-1" });
    expect((await client.stat("typed")).type).toBe(contentType);
  });

  test("checks at the same time do not disturb one another", async () => {
    const storage = openS3(config);
    await Promise.all(Array.from({ length: 8 }, () => storage.check()));
  });

  test("an upload that is given up leaves no parts behind [T09]", async () => {
    const controller = new AbortController();
    const body = interruptedBlob(() => controller.abort(new Error("no longer wanted")));
    const put = openS3(config).put("parts", body, {
      contentType,
      signal: controller.signal,
    });
    await expect(put).rejects.toThrow("no longer wanted");
    // The client takes the parts back on its own time.
    for (let looks = 0; looks < 500; looks++) {
      if ((await countUnfinishedUploads(real, bucket)) === 0) return;
    }
    throw new Error("the parts are still there");
  });

  test.each<[string, Partial<S3StorageConfig>, string]>([
    ["a wrong secret", { secretAccessKey: "wrong" }, "SignatureDoesNotMatch"],
    ["an unknown access key", { accessKeyId: "NOBODY" }, "InvalidAccessKeyId"],
    ["a bucket that is not there", { bucket: "motioness-no-such-bucket" }, "NoSuchBucket"],
  ])("%s fails the check, and is not tried again [T07]", async (_name, wrong, code) => {
    const storage = openS3({ ...config, ...wrong });
    expect(await codeOf(storage.check())).toBe("unavailable");
    const error = await errorOf(storage.put("x", bytes, { contentType }));
    expect(error).toMatchObject({ code: "r2_write_failed", retry: false });
    expect(error.message).toContain(code);
  });

  test.skipIf(!frozenPid)(
    "a server that freezes costs no more than the deadline [T06]",
    async () => {
      const storage = openS3(config, { timeoutMs: 300, exchangesMax: 100 });
      await storage.put("frozen", bytes, { contentType });
      await freeze(Number(frozenPid));
      try {
        const startedAt = performance.now();
        const large = new Uint8Array(12 * 1024 ** 2);
        expect(
          await Promise.all([
            codeOf(storage.put("small", bytes, { contentType })),
            codeOf(storage.put("large", large, { contentType })),
            codeOf(storage.check()),
          ]),
        ).toEqual(["r2_write_failed", "r2_write_failed", "unavailable"]);
        expect(performance.now() - startedAt).toBeLessThan(2000);
      } finally {
        process.kill(Number(frozenPid), "SIGCONT");
      }
    },
  );
}

describe("S3 storage on servers that misbehave", () => {
  const limits: S3Limits = { timeoutMs: 150, exchangesMax: 100 };
  let silent: ReturnType<typeof listenSilently>;
  let stalling: ReturnType<typeof serveStalling>;
  beforeAll(() => {
    silent = listenSilently();
    stalling = serveStalling();
  });
  afterAll(async () => {
    silent.stop(true);
    await stalling.stop(true);
  });
  const storageAt = (port: number | undefined, given = limits) =>
    openS3(configOf(localAccount(port), "test-bucket"), given);

  test("every operation on a server that never answers ends at the deadline [T06]", async () => {
    const storage = storageAt(silent.port);
    const startedAt = performance.now();
    const codes = await Promise.all(
      [
        storage.put("a", bytes, { contentType }),
        storage.put("b", new Uint8Array(12 * 1024 ** 2), { contentType }),
        storage.open("a"),
        storage.stat("a"),
        storage.remove("a"),
        storage.check(),
      ].map(codeOf),
    );
    expect(codes).toEqual([
      "r2_write_failed",
      "r2_write_failed",
      "unavailable",
      "unavailable",
      "unavailable",
      "unavailable",
    ]);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test("an abort during a silent upload is heard at the deadline at the latest", async () => {
    const put = storageAt(silent.port).put("a", bytes, {
      contentType,
      signal: AbortSignal.timeout(20),
    });
    await expect(put).rejects.toThrow("timed out");
  });

  test("a body that stops flowing fails its reader at the deadline", async () => {
    const opened = await storageAt(stalling.port).open("a");
    expect(opened?.sizeBytes).toBe(1000);
    const startedAt = performance.now();
    await expect(new Response(opened?.body).bytes()).rejects.toThrow("no progress within 150 ms");
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  test("a reader that takes its time is not cut off", async () => {
    const opened = await storageAt(stalling.port, { ...limits, timeoutMs: 60 }).open("a");
    if (!(opened?.body instanceof ReadableStream)) throw new Error("expected a stream");
    const reader = opened.body.getReader();
    await stalling.idleFor(120);
    expect((await reader.read()).value?.byteLength).toBe(10);
    await reader.cancel();
  });

  test("with too many exchanges hanging, further ones fail at once", async () => {
    const storage = storageAt(silent.port, { timeoutMs: 150, exchangesMax: 2 });
    await Promise.all([codeOf(storage.stat("a")), codeOf(storage.stat("b"))]);
    const error = await errorOf(storage.stat("c"));
    expect(error).toMatchObject({ code: "unavailable", retry: true });
    expect(error.cause).toMatchObject({ message: "2 exchanges with the server are under way" });
  });

  test("a server that is not there is unavailable, and worth trying again [T05]", async () => {
    const storage = storageAt(unusedPort());
    expect(await errorOf(storage.put("a", bytes, { contentType }))).toMatchObject({ retry: true });
    for (const work of [storage.stat("a"), storage.open("a"), storage.remove("a")]) {
      expect(await errorOf(work)).toMatchObject({ code: "unavailable", retry: true });
    }
    expect(await codeOf(storage.check())).toBe("unavailable");
  });

  test("other processes see the same objects", () => {
    expect(storageAt(silent.port).isShared).toBe(true);
  });
});

function configOf(of: S3Account, bucket: string): S3StorageConfig {
  return { kind: "s3", ...of, bucket, region: "us-east-1" };
}

function localAccount(port: number | undefined): S3Account {
  return { endpoint: `http://127.0.0.1:${port}`, accessKeyId: "KEY", secretAccessKey: "SECRET" };
}

/** Accepts connections and says nothing. */
function listenSilently() {
  return Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
}

/** Has an object of 1000 bytes, of which 10 arrive. */
function serveStalling() {
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const headers = { "content-length": "1000" };
      if (request.method === "HEAD") return new Response(null, { headers });
      const body = new ReadableStream({ start: (c) => c.enqueue(new Uint8Array(10)) });
      return new Response(body, { headers });
    },
  });
  return {
    port: server.port,
    stop: (closeNow: boolean) => server.stop(closeNow),
    idleFor: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}

function unusedPort(): number {
  const listener = listenSilently();
  const { port } = listener;
  listener.stop(true);
  return port;
}
