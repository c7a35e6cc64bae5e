/**
 * Fields over the picture, of which effects are made: a grid of nodes, the outermost on the
 * picture's border, each of four 32-bit floats.
 */

export const nodeBytes: i32 = 16;

/**
 * The weighted sum of `count` fields of `nodes` nodes that lie one behind the other. A periodic
 * weight of a field that stays makes a wave, at a multiplication a node.
 */
export function sumFields(
  target: usize,
  fields: usize,
  weights: usize,
  count: i32,
  nodes: i32,
): void {
  const bytes = nodes * nodeBytes;
  for (let offset = 0; offset < bytes; offset += nodeBytes) {
    let sum = f32x4.splat(0);
    let field = fields + offset;
    for (let index = 0; index < count; index++) {
      const weight = v128.load32_splat(weights + (index << 2));
      sum = f32x4.add(sum, f32x4.mul(v128.load(field), weight));
      field += bytes;
    }
    v128.store(target + offset, sum);
  }
}

/** Between the four nodes around a place: `node` is the upper left one's address. */
// @ts-ignore: decorator
@inline
export function fieldAt(node: usize, columns: i32, weightX: f32, weightY: f32): v128 {
  const acrossX = f32x4.splat(weightX);
  const lower = node + columns * nodeBytes;
  const above = between(v128.load(node), v128.load(node, nodeBytes), acrossX);
  const below = between(v128.load(lower), v128.load(lower, nodeBytes), acrossX);
  return between(above, below, f32x4.splat(weightY));
}

// @ts-ignore: decorator
@inline
function between(from: v128, to: v128, weight: v128): v128 {
  return f32x4.add(from, f32x4.mul(f32x4.sub(to, from), weight));
}
