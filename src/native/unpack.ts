import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { AppError } from "../errors.ts";

/** A file carried inside the executable, and where below the folder it is wanted. */
export interface PackedFile {
  /** A path as `import … with { type: "file" }` gives it. Ends in `.zst` when compressed. */
  readonly from: string;
  readonly to: string;
}

/**
 * Native libraries cannot be loaded from inside the executable: they are unpacked once into a
 * cache folder, and `use` is handed that folder. Where a folder cannot be written, or does not let
 * libraries be loaded (a `noexec` mount), the next one is tried.
 * @param id names the content: other bytes must have another id.
 * @throws AppError `missing_tool` that says what was wrong with each folder.
 */
export function withUnpacked<T>(
  id: string,
  files: readonly PackedFile[],
  use: (folder: string) => T,
  roots: readonly string[] = cacheRoots(),
): T {
  const problems: string[] = [];
  for (const root of roots) {
    try {
      prepareRoot(root);
      return use(unpackInto(root, id, files));
    } catch (error) {
      problems.push(`  ${root}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new AppError(
    "missing_tool",
    `${id} could not be unpacked into any of these folders:\n${problems.join("\n")}\n` +
      "Make one of them writable for this user, and let libraries be loaded from it.",
  );
}

function cacheRoots(): readonly string[] {
  const user = userInfo({ encoding: "utf8" });
  return [join(homedir(), ".cache", "motioness"), join(tmpdir(), `motioness-${user.uid}`)];
}

/** Code is never loaded from a folder that somebody else could have filled. */
function prepareRoot(root: string): void {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const found = lstatSync(root);
  if (!found.isDirectory()) throw new Error("is no folder");
  const { uid } = userInfo();
  if (uid >= 0 && found.uid !== uid) throw new Error("belongs to another user");
  if (uid >= 0 && (found.mode & 0o022) !== 0) throw new Error("can be written by other users");
}

/** Written beside and renamed in one step: of two processes one wins, and both find it whole. */
function unpackInto(root: string, id: string, files: readonly PackedFile[]): string {
  const folder = join(root, id);
  const isWhole = () => files.every(({ to }) => existsSync(join(folder, plainName(to))));
  if (isWhole()) return folder;
  const beside = mkdtempSync(join(root, `${id}.`));
  try {
    for (const file of files) unpackFile(file, beside);
    // Cleaners of temporary folders take single files away: what is no longer whole is replaced.
    if (existsSync(folder) && !isWhole()) rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } catch (error) {
    if (!isWhole()) throw error;
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  return folder;
}

function unpackFile({ from, to }: PackedFile, folder: string): void {
  const path = join(folder, plainName(to));
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const bytes = readFileSync(from);
  writeFileSync(path, to.endsWith(".zst") ? Bun.zstdDecompressSync(bytes) : bytes, { mode: 0o700 });
}

function plainName(name: string): string {
  return name.replace(/\.zst$/, "");
}
