import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../src/errors.ts";
import type { Failpoint } from "../../src/failpoint.ts";
import { openDisk } from "../../src/storage/disk.ts";
import { storageContract } from "../contracts/storage.ts";
import { codeOf } from "../support/app-error.ts";
import { hasMountNamespaces } from "../support/namespaces.ts";
import { openTemporaryDirectory, type TemporaryDirectory } from "../support/temporary-directory.ts";

const writer = join(import.meta.dir, "../support/put-object.ts");
const contentType = "video/mp4";

describe("disk storage", () => {
  storageContract(async () => {
    const directory = await openTemporaryDirectory();
    const storage = openDisk({ kind: "disk", root: join(directory.path, "media") });
    return {
      storage,
      async close() {
        await storage.close();
        await directory.close();
      },
    };
  });
});

describe("disk storage, on its file system", () => {
  let directory: TemporaryDirectory;
  let root: string;
  beforeEach(async () => {
    directory = await openTemporaryDirectory();
    root = join(directory.path, "media");
  });
  afterEach(() => directory.close());
  const open = () => openDisk({ kind: "disk", root });
  const bytes = new Uint8Array(100);

  test("only this machine sees it", () => {
    expect(open().isShared).toBe(false);
  });

  test("nothing is left beside the objects, whether puts succeed or fail", async () => {
    const storage = open();
    await storage.put("a/b", bytes, { contentType });
    expect(await codeOf(storage.put("a/b/c", bytes, { contentType }))).toBe("r2_write_failed");
    expect(await codeOf(storage.put("d", Bun.file(join(root, "gone")), { contentType }))).toBe(
      "r2_write_failed",
    );
    expect((await readdir(root, { recursive: true })).sort()).toEqual([".tmp", "a", "a/b"]);
  });

  test("a directory goes with the last object in it", async () => {
    const storage = open();
    for (const key of ["work/a/source", "work/a/clip", "work/b/clip"]) {
      await storage.put(key, bytes, { contentType });
    }
    await storage.remove("work/a/source");
    await storage.remove("work/b/clip");
    const left = [".tmp", "work", "work/a", "work/a/clip"];
    expect((await readdir(root, { recursive: true })).sort()).toEqual(left);
    await storage.remove("work/a/clip");
    expect(await readdir(root)).toEqual([".tmp"]);
  });

  test("puts and removes beside each other in one directory all succeed", async () => {
    const storage = open();
    const turns = Array.from({ length: 200 }, async (_, index) => {
      const key = `work/shared/${index % 8}`;
      await storage.put(key, bytes, { contentType });
      await storage.remove(key);
    });
    await Promise.all(turns);
    expect(await readdir(root)).toEqual([".tmp"]);
  });

  test("what a killed process left half-written is gone after the next start", async () => {
    open();
    await Bun.write(join(root, ".tmp", "1"), "half");
    const storage = open();
    expect(await readdir(join(root, ".tmp"))).toEqual([]);
    await storage.check();
  });

  test("the root may be a symbolic link", async () => {
    await mkdir(join(directory.path, "elsewhere"));
    await symlink(join(directory.path, "elsewhere"), root);
    const storage = open();
    await storage.put("a/b", bytes, { contentType });
    expect(await storage.stat("a/b")).toEqual({ sizeBytes: 100 });
  });

  test("no symbolic link leads out of it, for reading or for writing [T01]", async () => {
    const storage = open();
    await Bun.write(join(directory.path, "outside/secret"), "secret");
    await symlink(join(directory.path, "outside"), join(root, "linked"));
    await symlink(join(directory.path, "outside/secret"), join(root, "file"));
    for (const key of ["linked/secret", "linked/new/object", "file"]) {
      expect(await codeOf(storage.open(key))).toBe("internal");
      expect(await codeOf(storage.put(key, bytes, { contentType }))).toBe("internal");
      expect(await codeOf(storage.remove(key))).toBe("internal");
    }
    expect(await readdir(join(directory.path, "outside"))).toEqual(["secret"]);
    expect(await Bun.file(join(directory.path, "outside/secret")).text()).toBe("secret");
  });

  test("checks at the same time do not disturb one another", async () => {
    const storage = open();
    await Promise.all(Array.from({ length: 8 }, () => storage.check()));
  });

  test("a directory is no object", async () => {
    const storage = open();
    await storage.put("a/b", bytes, { contentType });
    expect(await storage.stat("a")).toBeUndefined();
    expect(await storage.open("a")).toBeUndefined();
  });

  test("a root that cannot be made is a fault of the settings, and names itself", async () => {
    await Bun.write(join(directory.path, "file"), "x");
    root = join(directory.path, "file", "media");
    expect(open).toThrow(AppError);
    expect(open).toThrow(root);
  });

  test("readers of an object that is being replaced see one of its versions whole", async () => {
    const storage = open();
    const versions = ["a".repeat(300_000), "b".repeat(200_000)];
    await storage.put("changing", encode(versions[0]), { contentType });
    const seen: string[] = [];
    for (let round = 1; round <= 20; round++) {
      const put = storage.put("changing", encode(versions[round % 2]), { contentType });
      const opened = await storage.open("changing");
      seen.push(await new Response(opened?.body).text());
      await put;
    }
    expect(seen.filter((text) => !versions.includes(text))).toEqual([]);
  });

  test.each<[Failpoint, string, string]>([
    ["during_storage_write", "a process killed while it writes", "old"],
    ["before_rename", "a process killed before the rename [K12]", "old"],
    ["after_rename", "a process killed after the rename [K13]", "new"],
  ])("%s: %s leaves the %s object whole", async (failpoint, _name, expected) => {
    await open().put("object", encode("old"), { contentType });
    const child = Bun.spawn([process.execPath, writer, root, "object", String(3 * 1024 ** 2)], {
      env: { ...process.env, FAILPOINT: failpoint },
      stdout: "inherit",
      stderr: "inherit",
    });
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
    const storage = open();
    const sizeBytes = expected === "new" ? 3 * 1024 ** 2 : 3;
    expect(await storage.stat("object")).toEqual({ sizeBytes });
    expect(await readdir(join(root, ".tmp"))).toEqual([]);
  });

  test.skipIf(!hasMountNamespaces())(
    "a full disk fails the put, and shows and keeps nothing of it [D02]",
    async () => {
      await mkdir(root);
      const mount = 'mount -t tmpfs -o size=2m tmpfs "$1" && shift && exec "$@"';
      const child = Bun.spawn(
        ["unshare", "-rm", "sh", "-c", mount, "sh", root]
          .concat([process.execPath, writer, root])
          .concat(["small", "1000", "large", String(3 * 1024 ** 2), "again", "1000"]),
        { stdout: "pipe", stderr: "inherit" },
      );
      const lines = (await new Response(child.stdout).text()).trim().split("\n");
      expect(lines).toEqual([
        "small stored 1000",
        "large r2_write_failed ENOSPC",
        "again stored 1000",
        "files .tmp again small",
      ]);
    },
  );
});

function encode(text: string | undefined): Uint8Array {
  return new TextEncoder().encode(text);
}
