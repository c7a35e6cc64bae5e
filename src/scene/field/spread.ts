import type { Field } from "./field.ts";

/**
 * Goes from what was found to what is beside it, above, below, left and right, until nothing is
 * added: `take` is asked of each neighbour, and adds those that belong to it to `found`.
 */
export function spread(
  { width, height }: Pick<Field, "width" | "height">,
  found: readonly number[],
  take: (index: number, from: number) => void,
): void {
  // What is found is also the queue: each entry adds its neighbours behind it.
  for (let at = 0; at < found.length; at++) {
    const index = found[at] as number;
    const column = index % width;
    if (index >= width) take(index - width, index);
    if (index < width * (height - 1)) take(index + width, index);
    if (column > 0) take(index - 1, index);
    if (column < width - 1) take(index + 1, index);
  }
}
