import type { Field } from "./field.ts";
import { spread } from "./spread.ts";

/** Samples that hang together, left and right or up and down. */
export interface Component {
  readonly indexes: readonly number[];
  /** The first and last column and row. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** The connected parts of a field that are at least `threshold`, the largest first. */
export function findComponents(field: Field, threshold: number): readonly Component[] {
  const { width, samples } = field;
  const isTaken = new Uint8Array(samples.length);
  const components: Component[] = [];
  const isFree = (index: number) => isTaken[index] === 0 && (samples[index] as number) >= threshold;
  const take = (index: number, found: number[]) => {
    if (!isFree(index)) return;
    isTaken[index] = 1;
    found.push(index);
  };
  for (let start = 0; start < samples.length; start++) {
    if (!isFree(start)) continue;
    const indexes: number[] = [];
    take(start, indexes);
    spread(field, indexes, (index) => take(index, indexes));
    components.push({ indexes, ...boundsOf(indexes, width) });
  }
  return components.sort((first, second) => second.indexes.length - first.indexes.length);
}

function boundsOf(indexes: readonly number[], width: number) {
  let [left, right, top, bottom] = [width, 0, Number.POSITIVE_INFINITY, 0];
  for (const index of indexes) {
    const [column, row] = [index % width, Math.floor(index / width)];
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  return { left, right, top, bottom };
}
