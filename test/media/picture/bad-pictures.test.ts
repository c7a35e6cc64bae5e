import { afterAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { inspectPicture } from "../../../src/media/picture/picture.ts";
import { badPictures } from "../../support/pictures/bad-pictures.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

const directory = await openTemporaryDirectory();
afterAll(() => directory.close());

const program = join(import.meta.dir, "../../support/inspect-program.ts");

interface Inspected {
  readonly outcome: string;
  readonly tookMs: number;
  readonly peakBytes: number;
}

/** Inspects files in a process of its own; the first answer is of a small honest picture. */
async function inspectAlone(files: readonly string[]): Promise<readonly Inspected[]> {
  const paths = files.map((file) => join(directory.path, file));
  const child = Bun.spawn([process.execPath, program, ...paths], { stdout: "pipe" });
  const output = await new Response(child.stdout).text();
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

describe("what is sent in place of a picture", () => {
  test.each(badPictures)("$file ($what): $outcome", async ({ file, outcome, make }) => {
    const path = join(directory.path, file);
    await Bun.write(path, await make());
    const found = await inspectPicture(path).then(
      () => "taken",
      ({ code }) => code,
    );
    expect(found).toBe(outcome);
  });

  // The largest that may be taken is 4096 by 4096 pixels of 16 bits, interlaced: 134 MB at once.
  test.skipIf(process.platform !== "linux").each([
    ["refused", 80_000_000],
    ["taken", 240_000_000],
  ] as const)("what is %s needs at most %d bytes of memory for it", async (kind, bytesMax) => {
    const files = badPictures
      .filter(({ outcome }) => (outcome === "taken") === (kind === "taken"))
      .map(({ file }) => file);
    const [small, ...others] = await inspectAlone(files);
    expect(others).toHaveLength(files.length);
    expect(Math.max(...others.map(({ tookMs }) => tookMs))).toBeLessThan(10_000);
    const peakBytes = others.at(-1)?.peakBytes ?? Number.NaN;
    expect(peakBytes - (small?.peakBytes ?? 0)).toBeLessThan(bytesMax);
  });
});
