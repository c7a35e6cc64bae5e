// Puts objects into a disk storage: put-object.ts ROOT KEY SIZE [KEY SIZE]… For tests that need a
// process of their own, to be killed or to have a disk of its own.
import { readdir } from "node:fs/promises";
import { AppError } from "../../src/errors.ts";
import { openDisk } from "../../src/storage/disk.ts";

const [root = "", ...objects] = process.argv.slice(2);
const storage = openDisk({ kind: "disk", root });
for (let index = 0; index < objects.length; index += 2) {
  const key = objects[index] ?? "";
  const body = new Uint8Array(Number(objects[index + 1]));
  try {
    const { sizeBytes } = await storage.put(key, body, { contentType: "video/mp4" });
    console.log(`${key} stored ${sizeBytes}`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const cause = error.cause instanceof Error && "code" in error.cause ? error.cause.code : "";
    console.log(`${key} ${error.code} ${cause}`);
  }
}
const files = await readdir(root, { recursive: true });
console.log(`files ${files.sort().join(" ")}`);
