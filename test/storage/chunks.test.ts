import { describe, expect, test } from "bun:test";
import { readChunks } from "../../src/storage/chunks.ts";
import { openTemporaryDirectory } from "../support/temporary-directory.ts";

const mebibyte = 1024 ** 2;

describe("reading a body in pieces", () => {
  test.each([
    [0, []],
    [1, [1]],
    [mebibyte, [mebibyte]],
    [2 * mebibyte + 1, [mebibyte, mebibyte, 1]],
  ])("%i bytes come in pieces of at most 1 MiB", async (size, pieces) => {
    const bytes = new Uint8Array(size);
    expect(await sizesOf(readChunks(bytes))).toEqual(pieces);
    expect(await sizesOf(readChunks(new Blob([bytes])))).toEqual(pieces);
  });

  test("a file that becomes shorter meanwhile is no whole body", async () => {
    const directory = await openTemporaryDirectory();
    const path = `${directory.path}/shrinking`;
    await Bun.write(path, new Uint8Array(3 * mebibyte));
    const chunks = readChunks(Bun.file(path));
    await chunks.next();
    await Bun.write(path, new Uint8Array(mebibyte + 10));
    await expect(sizesOf(chunks)).rejects.toThrow("ended before its size");
    await directory.close();
  });

  test("a file that is missing is not an empty one", async () => {
    await expect(sizesOf(readChunks(Bun.file("/nonexistent/file")))).rejects.toThrow("ENOENT");
  });
});

async function sizesOf(chunks: AsyncIterable<Uint8Array>): Promise<number[]> {
  const sizes: number[] = [];
  for await (const chunk of chunks) sizes.push(chunk.byteLength);
  return sizes;
}
