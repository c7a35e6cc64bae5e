/** Repeats the outermost pixels of a plane `margin` pixels outwards, on all four sides. */
export function padBorder(
  plane: usize,
  stride: i32,
  width: i32,
  height: i32,
  margin: i32,
): void {
  for (let y = 0; y < height; y++) {
    const row = plane + y * stride;
    memory.fill(row - margin, load<u8>(row), margin);
    memory.fill(row + width, load<u8>(row + width - 1), margin);
  }
  const bytes = width + 2 * margin;
  const first = plane - margin;
  const last = first + (height - 1) * stride;
  for (let y = 1; y <= margin; y++) {
    memory.copy(first - y * stride, first, bytes);
    memory.copy(last + y * stride, last, bytes);
  }
}
