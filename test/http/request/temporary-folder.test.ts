import { expect, test } from "bun:test";
import { readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { withTemporaryFolder } from "../../../src/http/request/temporary-folder.ts";
import { openTemporaryDirectory } from "../../support/temporary-directory.ts";

test("a folder lives as long as the work in it, however it ends", async () => {
  const directory = await openTemporaryDirectory();
  const root = join(directory.path, "scratch");
  const work = async (folder: string) => {
    await writeFile(join(folder, "a"), "a");
    return basename(folder);
  };
  expect(await withTemporaryFolder(root, "upload-", work)).toStartWith("upload-");
  const failing = withTemporaryFolder(root, "upload-", async (folder) => {
    await work(folder);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await readdir(root)).toEqual([]);
  await directory.close();
});
