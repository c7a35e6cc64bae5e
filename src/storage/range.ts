import { AppError } from "../errors.ts";
import type { ByteRange } from "./storage.ts";

/**
 * The part of an object that `range` means: without one the whole, with one that runs past the end
 * what there is of it. `end` is exclusive, as slices take it.
 *
 * @throws AppError `range_not_satisfiable` when no byte of the object is in the range.
 */
export function resolveRange(
  range: ByteRange | undefined,
  sizeBytes: number,
): { readonly start: number; readonly end: number } {
  if (range === undefined) return { start: 0, end: sizeBytes };
  const { start, end } = range;
  if (start < 0 || start > end || start >= sizeBytes) {
    throw new AppError(
      "range_not_satisfiable",
      `bytes ${start} to ${end} are not in an object of ${sizeBytes} bytes`,
    );
  }
  return { start, end: Math.min(end + 1, sizeBytes) };
}
