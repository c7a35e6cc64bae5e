import { expect, test } from "bun:test";
import { join } from "node:path";
import sharp from "sharp";
import { loadSharp } from "../../../src/media/picture/sharp.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

test("a file that comes to hold another picture is read anew", async () => {
  await using directory = await openFolder();
  const path = join(directory.path, "picture.png");
  const load = await loadSharp();
  const seen: number[] = [];
  for (const width of [16, 24]) {
    await sharp({ create: { width, height: 16, channels: 3, background: "red" } }).toFile(path);
    await load(path).raw().toBuffer();
    seen.push((await load(path).metadata()).width);
  }
  expect(seen).toEqual([16, 24]);
});

async function openFolder() {
  const directory = await openTemporaryDirectory();
  return { path: directory.path, [Symbol.asyncDispose]: () => directory.close() };
}
