import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Bodies, createBodies, type ServedObject } from "../../../src/http/answer/bodies.ts";
import { openDisk } from "../../../src/storage/disk.ts";
import type { Storage } from "../../../src/storage/storage.ts";

const folder = await mkdtemp(join(tmpdir(), "motioness-bodies-"));
afterAll(() => rm(folder, { recursive: true }));
const disk = openDisk({ kind: "disk", root: folder });

const sizes = { "media/a.mp4": 1000, "media/b.mp4": 1500, "media/c.mp4": 2000 };
const bytesOf = (size: number) => new Uint8Array(size).fill(size % 251);
for (const [key, size] of Object.entries(sizes)) {
  await disk.put(key, bytesOf(size), { contentType: "video/mp4" });
}
const object = (key: keyof typeof sizes) => ({ key, sizeBytes: sizes[key] });
const [a, b, c] = [object("media/a.mp4"), object("media/b.mp4"), object("media/c.mp4")];
const limits = { bytesMax: 3000, objectBytesMax: 1800, objectsMax: 10 };

/** The same objects as streams, as a remote storage gives them, and what was asked of it. */
function createRemote() {
  const asked: string[] = [];
  const storage: Storage = {
    ...disk,
    isShared: true,
    async open(key, range) {
      asked.push(range ? `${key} ${range.start}-${range.end}` : key);
      const opened = await disk.open(key, range);
      return opened && { ...opened, body: new Response(opened.body).body ?? new Blob([]).stream() };
    },
  };
  return { storage, asked };
}

/** Taking a body into memory goes on behind the answer, so ask until it has. */
async function askUntilHeld(bodies: Bodies, one: ServedObject, bytesHeld: number) {
  for (let turn = 0; turn < 1000 && bodies.bytesHeld() !== bytesHeld; turn++) {
    expect(await sizeOf(bodies.open(one))).toBe(one.sizeBytes);
  }
  expect(bodies.bytesHeld()).toBe(bytesHeld);
}

const sizeOf = async (body: Blob | ReadableStream | Promise<Blob | ReadableStream>) =>
  (await new Response(await body).bytes()).byteLength;

describe("bodies of a disk", () => {
  test("come from the file first and from memory when asked for again", async () => {
    const bodies = createBodies(disk, limits);
    expect(await sizeOf(bodies.open(a))).toBe(1000);
    expect(bodies.bytesHeld()).toBe(0);
    await askUntilHeld(bodies, a, 1000);
    expect(bodies.open(a)).toBeInstanceOf(Blob);
  });

  test("never take more memory than they may, and the least used goes first", async () => {
    const bodies = createBodies(disk, limits);
    await askUntilHeld(bodies, a, 1000);
    await askUntilHeld(bodies, b, 2500);
    for (const one of [a, c, c, c]) await sizeOf(bodies.open(one));
    expect(bodies.bytesHeld()).toBe(2500);
    const two = createBodies(disk, { ...limits, bytesMax: 2000 });
    await askUntilHeld(two, a, 1000);
    await askUntilHeld(two, b, 1500);
    expect(await sizeOf(two.open(a))).toBe(1000);
  });

  test("are cut to the range", async () => {
    const bodies = createBodies(disk, limits);
    for (let time = 0; time < 3; time++) {
      expect(await sizeOf(bodies.open(a, { start: 10, end: 19 }))).toBe(10);
      expect(await sizeOf(bodies.open(c, { start: 0, end: 0 }))).toBe(1);
    }
  });

  test("hold nothing without a budget", async () => {
    const bodies = createBodies(disk, { ...limits, bytesMax: 0 });
    for (const one of [a, a, a]) expect(await sizeOf(bodies.open(one))).toBe(1000);
    expect(bodies.bytesHeld()).toBe(0);
  });

  test("that were lost are unavailable", async () => {
    const bodies = createBodies(disk, limits);
    const lost = Promise.resolve(bodies.open({ key: "media/lost.mp4", sizeBytes: 1 }));
    expect(lost).rejects.toThrow("the stored media is missing");
  });
});

describe("bodies of a remote storage", () => {
  test("are fetched once, whole, however many ask", async () => {
    const { storage, asked } = createRemote();
    const bodies = createBodies(storage, limits);
    await sizeOf(bodies.open(c));
    asked.length = 0;
    const ranges = Array.from({ length: 20 }, (_, start) => ({ start, end: start + 9 }));
    const got = await Promise.all(ranges.map((range) => sizeOf(bodies.open(a, range))));
    expect(got).toEqual(ranges.map(() => 10));
    expect(asked).toEqual(["media/a.mp4"]);
    expect(bodies.bytesHeld()).toBe(1000);
  });

  test("too large to hold are fetched by range", async () => {
    const { storage, asked } = createRemote();
    const bodies = createBodies(storage, limits);
    expect(await sizeOf(bodies.open(c, { start: 5, end: 9 }))).toBe(5);
    expect(await sizeOf(bodies.open(c, { start: 5, end: 9 }))).toBe(5);
    expect(asked.slice(1)).toEqual(["media/c.mp4 5-9", "media/c.mp4 5-9"]);
    expect(bodies.bytesHeld()).toBe(0);
  });
});
