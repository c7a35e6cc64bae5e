import { mkdirSync, realpathSync, rmSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { mkdir, open, realpath, rename, rm, rmdir, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../errors.ts";
import { failpoint } from "../failpoint.ts";
import { readChunks } from "./chunks.ts";
import { checkKey } from "./key.ts";
import { probeStorage } from "./probe.ts";
import { resolveRange } from "./range.ts";
import type { PutBody, Storage, StoredObject } from "./storage.ts";

export interface DiskStorageConfig {
  readonly kind: "disk";
  /** Everything stored is below it. Made when it is missing; may itself be a symbolic link. */
  readonly root: string;
}

// No key begins with a dot, so no object can land here.
const temporaryName = ".tmp";
const placeTriesMax = 5;

/**
 * Objects as files of one directory tree, for one process at a time: the caller holds the lock of
 * the data directory, and what a killed process left half-written is removed here.
 *
 * A file is written beside the tree, on the same file system, made durable (fsync), renamed into
 * place, and the directory that names it is made durable too; so a reader, and the next start
 * after a crash or a power loss, finds an object whole or not at all. A key may not be a prefix
 * directory of another one (`a` and `a/b`). A directory goes with the last object in it.
 *
 * @throws AppError `invalid_config` when the directory cannot be made or written.
 */
export function openDisk(config: DiskStorageConfig): Storage {
  const { root, temporaryDirectory } = prepareDirectories(config.root);
  let putCount = 0;

  const find = async (key: string): Promise<FoundFile | undefined> => {
    const path = await locate(root, key);
    try {
      const found = await stat(path);
      return found.isFile() ? { path, sizeBytes: found.size } : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw new AppError("unavailable", `the stored object ${key} cannot be read`, {
        cause: error,
      });
    }
  };

  const storage: Storage = {
    isShared: false,
    async put(key, body, { signal }) {
      const path = await locate(root, key);
      const temporaryPath = join(temporaryDirectory, String(++putCount));
      try {
        const stored = await writeDurably(temporaryPath, body, signal);
        await publish(temporaryPath, path);
        return stored;
      } catch (cause) {
        await rm(temporaryPath, { force: true });
        signal?.throwIfAborted();
        throw new AppError("r2_write_failed", `the object ${key} could not be stored`, { cause });
      }
    },
    async open(key, range) {
      const found = await find(key);
      if (found === undefined) return undefined;
      const file = Bun.file(found.path);
      if (range === undefined) return { sizeBytes: found.sizeBytes, body: file };
      const { start, end } = resolveRange(range, found.sizeBytes);
      return { sizeBytes: found.sizeBytes, body: file.slice(start, end) };
    },
    async stat(key) {
      const found = await find(key);
      return found && { sizeBytes: found.sizeBytes };
    },
    async remove(key) {
      const found = await find(key);
      if (found === undefined) return;
      await unlink(found.path).catch((cause) => {
        if (isMissing(cause)) return;
        throw new AppError("unavailable", `the stored object ${key} cannot be removed`, { cause });
      });
      await removeEmpty(root, dirname(found.path));
    },
    check: () => probeStorage(storage),
    close: async () => {},
  };
  return storage;
}

function prepareDirectories(directory: string) {
  try {
    mkdirSync(directory, { recursive: true });
    const root = realpathSync(directory);
    const temporaryDirectory = join(root, temporaryName);
    rmSync(temporaryDirectory, { recursive: true, force: true });
    mkdirSync(temporaryDirectory);
    return { root, temporaryDirectory };
  } catch (cause) {
    throw new AppError(
      "invalid_config",
      `the storage directory ${directory} cannot be written; make it writable or name another`,
      { cause },
    );
  }
}

interface FoundFile {
  readonly path: string;
  readonly sizeBytes: number;
}

/**
 * The path of a key. Nothing on the way to it may be a symbolic link, or the object would lie, and
 * directories would be made, outside the root.
 */
async function locate(root: string, key: string): Promise<string> {
  checkKey(key);
  const path = join(root, key);
  for (let existing = path; existing !== root; existing = dirname(existing)) {
    const real = await realpath(existing).catch((error) => {
      if (isMissing(error)) return undefined;
      throw new AppError("unavailable", `the place of ${key} cannot be read`, { cause: error });
    });
    if (real === existing) break;
    if (real === undefined) continue;
    throw new AppError(
      "internal",
      `storage key ${key} is refused: a symbolic link leads away from it; remove the link`,
      { retry: false },
    );
  }
  return path;
}

/** Size and hash are of the bytes as they were written, not as they were announced. */
async function writeDurably(
  path: string,
  body: PutBody,
  signal: AbortSignal | undefined,
): Promise<StoredObject> {
  const hasher = new Bun.CryptoHasher("sha256");
  let sizeBytes = 0;
  const file = await open(path, "wx");
  try {
    for await (const chunk of readChunks(body)) {
      signal?.throwIfAborted();
      hasher.update(chunk);
      await writeAll(file, chunk);
      sizeBytes += chunk.byteLength;
      failpoint("during_storage_write");
    }
    await file.sync();
  } finally {
    await file.close();
  }
  signal?.throwIfAborted();
  return { sizeBytes, sha256: hasher.digest("hex") };
}

/** A disk that fills up takes the first part of a write, and refuses only the next. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength; ) {
    const { bytesWritten } = await file.write(chunk, offset);
    if (bytesWritten === 0) throw new Error("the file takes no more bytes");
    offset += bytesWritten;
  }
}

async function publish(temporaryPath: string, path: string): Promise<void> {
  const directory = dirname(path);
  const firstMade = await placeInto(directory, temporaryPath, path);
  failpoint("after_rename");
  await syncDirectory(directory);
  if (firstMade === undefined) return;
  // A new directory is itself a name in its parent, which is durable only once that is synced.
  for (let made = directory; made.length >= firstMade.length; made = dirname(made)) {
    await syncDirectory(dirname(made));
  }
}

/**
 * Moves the file to its place. @returns the first directory that had to be made for it. One that
 * was just found or made may be removed as empty before the file is in it: then once more.
 */
async function placeInto(
  directory: string,
  temporaryPath: string,
  path: string,
): Promise<string | undefined> {
  let firstMade: string | undefined;
  for (let tries = 1; ; tries++) {
    try {
      const made = await mkdir(directory, { recursive: true });
      if (firstMade === undefined || (made && made.length < firstMade.length)) firstMade = made;
      failpoint("before_rename");
      await rename(temporaryPath, path);
      return firstMade;
    } catch (error) {
      if (!isMissing(error) || tries === placeTriesMax) throw error;
    }
  }
}

/** Removes a directory and those around it, below the root, for as long as nothing is in them. */
async function removeEmpty(root: string, directory: string): Promise<void> {
  for (let empty = directory; empty !== root; empty = dirname(empty)) {
    try {
      await rmdir(empty);
    } catch {
      // It is not empty, or somebody else was faster. A directory too many is only space.
      return;
    }
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r").catch((error) => {
    // Removed meanwhile with all that was in it: nothing is left that could be lost.
    if (!isMissing(error)) throw error;
  });
  if (!handle) return;
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR";
}
