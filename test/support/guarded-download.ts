import { readdir, rm } from "node:fs/promises";
import { createGuardedClient } from "../../src/net/client.ts";
import type { Resolve } from "../../src/net/resolve.ts";
import { openTemporaryDirectory } from "./temporary-directory.ts";

export interface DownloadWorld {
  readonly resolve?: Resolve;
  readonly allowPrivate?: readonly string[];
  readonly ownOrigins?: readonly string[];
  readonly allowedOrigins?: readonly string[];
  readonly timeoutMs?: number;
  readonly sizeBytesMax?: number;
  /** Those that the server has, instead of small ones. */
  readonly limits?: "default";
  readonly signal?: AbortSignal;
}

/** The clock of these downloads stands still. */
export const downloadNow = Date.UTC(2026, 0, 1);

/**
 * Fetches URLs with one guarded client, which may reach 127.0.0.2 to 127.0.0.7 (a small public
 * internet on this machine) and not 127.0.0.1. Their ports are allowed ones.
 *
 * @returns the bytes; throws what the client throws, when it has left no file behind.
 */
export function createDownload(world: DownloadWorld = {}) {
  const client = createGuardedClient(
    {
      now: () => downloadNow,
      ownOrigins: () => world.ownOrigins ?? [],
      ...(world.resolve ? { resolve: world.resolve } : {}),
    },
    { allowPrivate: world.allowPrivate ?? ["127.0.0.2/31", "127.0.0.4/30"] },
    world.limits === "default"
      ? undefined
      : {
          timeoutMs: world.timeoutMs ?? 5000,
          sizeBytesMax: world.sizeBytesMax ?? 50_000,
          tooLargeMessage: "too large",
        },
  );
  return async (url: string): Promise<Uint8Array> => {
    const directory = await openTemporaryDirectory();
    const path = `${directory.path}/source`;
    const { origin } = new URL(url);
    const allowedOrigins = [origin, ...(world.allowedOrigins ?? [])];
    const signal = world.signal ?? new AbortController().signal;
    try {
      await client.download(url, path, { signal, allowedOrigins });
      return await Bun.file(path).bytes();
    } catch (error) {
      const left = await readdir(directory.path);
      if (left.length > 0) throw new Error(`left behind: ${left}`, { cause: error });
      throw error;
    } finally {
      await rm(directory.path, { recursive: true });
    }
  };
}
