import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryDirectory {
  /** Absolute, with no symbolic link in it. */
  readonly path: string;
  close(): Promise<void>;
}

/** An empty directory of the test's own. */
export async function openTemporaryDirectory(): Promise<TemporaryDirectory> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "motioness-test-")));
  return { path, close: () => rm(path, { recursive: true, force: true }) };
}
