/** A mesh over a frame: vertices on every 16th pixel, in source pixels as 16.16. */
export interface MeshFrame {
  /** Of the frame, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Of the source plane. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
}

const cellSize = 16;

/**
 * The least factor by which a mesh changes area in any cell, 1 being the whole still in the frame;
 * at 0 or below the picture folds over itself.
 */
export function leastJacobian(mesh: Int32Array, frame: MeshFrame): number {
  const columns = Math.ceil(frame.width / cellSize) + 1;
  const rows = Math.ceil(frame.height / cellSize) + 1;
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = 2 * (row * columns + column);
      const below = at + 2 * columns;
      const [x, y] = [mesh[at] as number, mesh[at + 1] as number];
      const [acrossX, acrossY] = [(mesh[at + 2] as number) - x, (mesh[at + 3] as number) - y];
      const [downX, downY] = [(mesh[below] as number) - x, (mesh[below + 1] as number) - y];
      least = Math.min(least, acrossX * downY - acrossY * downX);
    }
  }
  const unit = cellSize * 65536;
  const scale = (frame.sourceWidth / frame.width) * (frame.sourceHeight / frame.height);
  return least / (unit * unit * scale);
}
