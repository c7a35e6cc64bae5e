/**
 * All memory of the kernel, as one bump allocator: a render allocates in order and the next one
 * starts over, so that nothing is ever freed singly and memory never fragments.
 */

/** Vectors, cache lines and the widest load of the kernel divide it. */
const alignment: usize = 64;

/** Every block is followed by this much, because vector loads may run past a block's end. */
const slack: usize = 64;

const pageBits: usize = 16;

let top: usize = aligned(__heap_base);

/** A block of at least `bytes`, or 0 when the memory may not grow that far. Not cleared. */
export function allocate(bytes: i32): usize {
  const start = top;
  const end = aligned(start + <usize>bytes + slack);
  const pagesMissing = <i32>((end + 0xffff) >>> pageBits) - memory.size();
  if (pagesMissing > 0 && memory.grow(pagesMissing) < 0) return 0;
  top = end;
  return start;
}

/** Where the next block will start: for `release`. */
export function mark(): usize {
  return top;
}

/** Gives back every block allocated since `mark` answered `to`. */
export function release(to: usize): void {
  top = to;
}

function aligned(address: usize): usize {
  return (address + alignment - 1) & ~(alignment - 1);
}
