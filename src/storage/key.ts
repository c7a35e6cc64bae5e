import { AppError } from "../errors.ts";

const keyLengthMax = 512;
const segmentLengthMax = 200;
const segmentPattern = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;

/**
 * The one rule for keys, whatever the storage: segments of `[a-z0-9_-]` with single dots inside,
 * joined by slashes. It leaves nothing to escape in a URL, nothing that means something else to a
 * file system (`..`, hidden files, an absolute path), and no two keys that differ only by case.
 *
 * Keys are made by the program, so a bad one is a fault of the program.
 *
 * @throws AppError `internal`, never to be retried.
 */
export function checkKey(key: string): void {
  if (key.length <= keyLengthMax && key.split("/").every(isSegment)) return;
  const shown = JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key);
  throw new AppError(
    "internal",
    `storage key ${shown} is refused: expected segments of a-z, 0-9, "_", "-" and inner dots, ` +
      `joined by "/", at most ${keyLengthMax} characters`,
    { retry: false },
  );
}

function isSegment(text: string): boolean {
  return text.length <= segmentLengthMax && segmentPattern.test(text);
}
