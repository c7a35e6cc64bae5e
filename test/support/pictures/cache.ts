import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";

const folder = join(import.meta.dir, "../../../.cache/pictures");

/**
 * The path of a made file, which is made once and kept. Whoever changes the makers gets it made
 * anew, because its folder is named for what they are; files of different processes that make it at
 * the same moment do not get in one another's way.
 */
export async function cachedPicture(
  file: string,
  make: () => Promise<Uint8Array>,
): Promise<string> {
  const kept = join(folder, makersHash());
  const path = join(kept, file);
  if (existsSync(path)) return path;
  await mkdir(kept, { recursive: true });
  const part = `${path}.${randomUUID().slice(0, 8)}.part`;
  await Bun.write(part, await make());
  await rename(part, path);
  return path;
}

/** All makers together: a few small files, so that no maker has to name what it is made of. */
function makersHash(): string {
  const hash = new Bun.CryptoHasher("sha256");
  for (const name of readdirSync(import.meta.dir).sort()) {
    hash.update(readFileSync(join(import.meta.dir, name)));
  }
  return hash.digest("hex").slice(0, 12);
}
