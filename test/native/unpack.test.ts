import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withUnpacked } from "../../src/native/unpack.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "unpack-"));
  writeFileSync(join(home, "library"), "plain bytes");
  writeFileSync(join(home, "packed"), Bun.zstdCompressSync("packed bytes"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const files = () => [
  { from: join(home, "library"), to: "lib/one.node" },
  { from: join(home, "packed"), to: "other/two.so.zst" },
];
const root = () => join(home, "cache", "motioness");
const unpack = (roots = [root()]) => withUnpacked("lib-1", files(), (folder) => folder, roots);

describe("unpacking native libraries", () => {
  test("puts each file where it is wanted, decompressed, for this user only", () => {
    const folder = unpack();
    expect(readFileSync(join(folder, "lib/one.node"), "utf8")).toBe("plain bytes");
    expect(readFileSync(join(folder, "other/two.so"), "utf8")).toBe("packed bytes");
    expect(statSync(join(folder, "lib/one.node")).mode & 0o777).toBe(0o700);
    expect(statSync(root()).mode & 0o777).toBe(0o700);
  });

  test("is done once, and leaves nothing half-done behind", () => {
    const folder = unpack();
    writeFileSync(join(folder, "lib/one.node"), "kept");
    expect(unpack()).toBe(folder);
    expect(readFileSync(join(folder, "lib/one.node"), "utf8")).toBe("kept");
    expect(readdirSync(root())).toEqual(["lib-1"]);
  });

  test("is done again when a file was taken away", () => {
    rmSync(join(unpack(), "other/two.so"));
    expect(existsSync(join(unpack(), "other/two.so"))).toBe(true);
    expect(readdirSync(root())).toEqual(["lib-1"]);
  });

  test("goes on to the next folder when one is no folder or does not let libraries load", () => {
    writeFileSync(join(home, "file"), "");
    const second = join(home, "second");
    const seen: string[] = [];
    const folder = withUnpacked(
      "lib-1",
      files(),
      (unpacked) => {
        seen.push(unpacked);
        if (unpacked.startsWith(root())) throw new Error("cannot open shared object");
        return unpacked;
      },
      [join(home, "file"), root(), second],
    );
    expect(folder).toBe(join(second, "lib-1"));
    expect(seen).toEqual([join(root(), "lib-1"), join(second, "lib-1")]);
  });

  test("never uses a folder that others could write, nor a link to one", () => {
    const open = join(home, "open");
    mkdirSync(open);
    chmodSync(open, 0o777);
    const link = join(home, "link");
    symlinkSync(open, link);
    expect(() => unpack([open, link])).toThrow(
      /lib-1 could not be unpacked .*\n.*open: can be written by other users\n.*link: is no folder/,
    );
    expect(readdirSync(open)).toEqual([]);
  });
});
