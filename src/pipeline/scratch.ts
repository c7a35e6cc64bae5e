import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import type { Storage } from "../storage/storage.ts";

/** A folder of this machine that lives as long as one step of one generation. */
export interface Scratch {
  path(name: string): string;
  /** Copies a stored object in. @throws AppError `i2v_failed` when it is gone. */
  copyIn(storage: Storage, key: string, name: string): Promise<string>;
}

/** Runs `work` with a scratch folder below `root` and removes the folder whatever happens. */
export async function withScratch<T>(
  root: string,
  work: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  await mkdir(root, { recursive: true });
  const folder = await mkdtemp(join(root, "step-"));
  try {
    return await work(createScratch(folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes what a killed process left. Only the holder of the data dir may call this. */
export async function clearScratch(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
}

function createScratch(folder: string): Scratch {
  const path = (name: string) => join(folder, name);
  return {
    path,
    async copyIn(storage, key, name) {
      const opened = await storage.open(key);
      if (!opened) {
        throw new AppError("i2v_failed", `the stored object ${key} is gone`, { retry: true });
      }
      const target = path(name);
      await Bun.write(target, new Response(opened.body));
      return target;
    },
  };
}
