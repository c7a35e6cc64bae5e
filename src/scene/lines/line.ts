/** A straight edge of the picture, in samples of the field it was found in. */
export interface StraightLine {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
}
