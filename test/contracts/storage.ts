import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import type { Storage } from "../../src/storage/storage.ts";
import { codeOf } from "../support/app-error.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

export interface StorageUnderTest {
  readonly storage: Storage;
  /** Closes what the test opened, the storage included. */
  close(): Promise<void>;
}

/** Larger than two parts of a multi-part upload, and not a multiple of anything. */
const largeSize = 11 * 1024 ** 2 + 12_345;

const badKeys: readonly string[] = [
  "",
  ".",
  "..",
  "../outside",
  "a/../../outside",
  "/absolute",
  "a//b",
  "a/",
  "a/.hidden",
  "trailing.",
  "two..dots",
  "%2e%2e/outside",
  "a%2fb",
  "nul\0byte",
  "back\\slash",
  "C:file",
  "Upper",
  "space key",
  "ünicode",
  "plus+sign",
  "per%cent",
  "amper&sand",
  "line\nbreak",
  "x".repeat(2048),
  "x".repeat(201),
  `${"s/".repeat(256)}t`,
];

const goodKeys: readonly string[] = [
  "a",
  "0",
  "_-_",
  "-leading-dash",
  "assets/ab/0123456789abcdef.mp4",
  "a.b.c/d.e-f_g",
  `long/${"x".repeat(200)}`,
];

/** What every storage promises. `open` is called once; the tests use keys of their own. */
export function storageContract(open: () => Promise<StorageUnderTest>): void {
  let opened: StorageUnderTest;
  let storage: Storage;
  beforeAll(async () => {
    opened = await open();
    storage = opened.storage;
  });
  afterAll(() => opened.close());

  const put = (key: string, body: Uint8Array | Blob, signal?: AbortSignal) =>
    storage.put(key, body, { contentType: "video/mp4", ...(signal ? { signal } : {}) });

  test("what is put comes back, with its size and SHA-256", async () => {
    const stored = await put("plain", encode("abc"));
    expect(stored).toEqual({
      sizeBytes: 3,
      sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
    expect(await storage.stat("plain")).toEqual({ sizeBytes: 3 });
    expect(await readText(storage, "plain")).toBe("abc");
  });

  test("an object of no bytes is an object", async () => {
    expect((await put("empty", new Uint8Array())).sizeBytes).toBe(0);
    expect(await storage.stat("empty")).toEqual({ sizeBytes: 0 });
    expect(await readText(storage, "empty")).toBe("");
  });

  test("a large file goes in and comes out in parts, byte for byte", async () => {
    const directory = await openTemporaryDirectory();
    try {
      const bytes = patternBytes(largeSize);
      await Bun.write(`${directory.path}/large.bin`, bytes);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const stored = await put("large", Bun.file(`${directory.path}/large.bin`));
      expect(stored).toEqual({ sizeBytes: largeSize, sha256 });
      const back = await readBytes(storage, "large");
      expect(createHash("sha256").update(back).digest("hex")).toBe(sha256);
      const range = { start: 5 * 1024 ** 2 - 3, end: 5 * 1024 ** 2 + 4 };
      expect(await readBytes(storage, "large", range)).toEqual(
        bytes.subarray(range.start, range.end + 1),
      );
    } finally {
      await directory.close();
    }
  });

  test.each([
    ["the first byte", 0, 0, "0"],
    ["the middle", 3, 5, "345"],
    ["the last byte", 9, 9, "9"],
    ["all of it", 0, 9, "0123456789"],
    ["past the end", 8, 1000, "89"],
  ])("a range gives exactly its bytes: %s", async (_name, start, end, expected) => {
    await put("ranges", encode("0123456789"));
    const opened = await storage.open("ranges", { start, end });
    expect(opened?.sizeBytes).toBe(10);
    expect(await new Response(opened?.body).text()).toBe(expected);
  });

  test.each([
    ["behind the end", 10, 12],
    ["backwards", 5, 4],
    ["before the start", -1, 4],
  ])("a range without a byte of the object is refused: %s", async (_name, start, end) => {
    await put("ranges", encode("0123456789"));
    expect(await codeOf(storage.open("ranges", { start, end }))).toBe("range_not_satisfiable");
  });

  test("what is not there is undefined, and is removed without complaint", async () => {
    expect(await storage.open("missing/object")).toBeUndefined();
    expect(await storage.stat("missing/object")).toBeUndefined();
    await storage.remove("missing/object");
  });

  test("a second put replaces the whole object", async () => {
    await put("replaced", encode("a longer text than the next"));
    await put("replaced", encode("short"));
    expect(await storage.stat("replaced")).toEqual({ sizeBytes: 5 });
    expect(await readText(storage, "replaced")).toBe("short");
  });

  test("a removed object is gone", async () => {
    await put("removed", encode("x"));
    await storage.remove("removed");
    expect(await storage.stat("removed")).toBeUndefined();
    expect(await storage.open("removed")).toBeUndefined();
    await storage.remove("removed");
  });

  test("many puts at once do not mix", async () => {
    const names = Array.from({ length: 24 }, (_, index) => `many/${index}`);
    await Promise.all(names.map((name) => put(name, encode(`bytes of ${name}`))));
    const texts = await Promise.all(names.map((name) => readText(storage, name)));
    expect(texts).toEqual(names.map((name) => `bytes of ${name}`));
  });

  test("a put that was given up before it began throws the reason", async () => {
    const signal = AbortSignal.abort(new Error("no longer wanted"));
    await expect(put("given-up", encode("x"), signal)).rejects.toThrow("no longer wanted");
    expect(await storage.stat("given-up")).toBeUndefined();
  });

  test("a put that is given up half-way throws the reason and leaves what was there", async () => {
    await put("half-way", encode("before"));
    const controller = new AbortController();
    const body = interruptedBlob(() => controller.abort(new Error("no longer wanted")));
    const given = put("half-way", body, controller.signal);
    await expect(given).rejects.toThrow("no longer wanted");
    expect(await readText(storage, "half-way")).toBe("before");
  });

  test("a body that breaks half-way leaves what was there", async () => {
    await put("broken", encode("before"));
    const fail = () => {
      throw new Error("the file is gone");
    };
    expect(await codeOf(put("broken", interruptedBlob(fail)))).toBe("r2_write_failed");
    expect(await readText(storage, "broken")).toBe("before");
    expect(await codeOf(put("never-there", interruptedBlob(fail)))).toBe("r2_write_failed");
    expect(await storage.stat("never-there")).toBeUndefined();
  });

  test("a file that is missing is no object of no bytes", async () => {
    expect(await codeOf(put("no-file", Bun.file("/nonexistent/file")))).toBe("r2_write_failed");
    expect(await storage.stat("no-file")).toBeUndefined();
  });

  test.each(goodKeys)("a key of the alphabet goes round: %s", async (key) => {
    await put(key, encode(`of ${key}`));
    expect(await readText(storage, key)).toBe(`of ${key}`);
  });

  test.each(badKeys.map((key) => [JSON.stringify(key.slice(0, 24)), key]))(
    "no operation takes a key outside the rule: %s [T01, T02, T15]",
    async (_name, key) => {
      expect(await codeOf(put(key, encode("x")))).toBe("internal");
      expect(await codeOf(storage.open(key))).toBe("internal");
      expect(await codeOf(storage.stat(key))).toBe("internal");
      expect(await codeOf(storage.remove(key))).toBe("internal");
    },
  );

  test("a storage that works passes its check", async () => {
    await storage.check();
    await storage.check();
  });
}

async function readBytes(
  storage: Storage,
  key: string,
  range?: { readonly start: number; readonly end: number },
): Promise<Uint8Array> {
  const opened = await storage.open(key, range);
  if (opened === undefined) throw new Error(`there is no ${key}`);
  return new Response(opened.body).bytes();
}

async function readText(storage: Storage, key: string): Promise<string> {
  return new TextDecoder().decode(await readBytes(storage, key));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function patternBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index * 7 + (index >> 8));
}

/** A large body; something happens when its seventh mebibyte is read. */
export function interruptedBlob(happen: () => void): Blob {
  const blob = new Blob([new Uint8Array(largeSize)]);
  let reads = 0;
  return Object.assign(blob, {
    slice(start?: number, end?: number) {
      reads += 1;
      if (reads === 7) happen();
      return Blob.prototype.slice.call(blob, start, end);
    },
  });
}
