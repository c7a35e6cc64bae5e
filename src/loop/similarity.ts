/** Size of a luma plane in pixels. */
export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/** Each pixel is judged by the 7 by 7 pixels around it. */
const windowSide = 7;
const reach = (windowSide - 1) / 2;
const windowPixels = windowSide ** 2;

/** (0.01·255)² and (0.03·255)²: what keeps even areas from dividing by almost nothing. */
const luminanceConstant = 6.5025;
const contrastConstant = 58.5225;

/** Sums over the window's rows, one a column: of both planes, their squares and their product. */
interface ColumnSums {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly squares: Int32Array;
  readonly products: Int32Array;
}

/**
 * The mean structural similarity of two planes: 1 when they are equal. Wang, Bovik, Sheikh,
 * Simoncelli: Image quality assessment, 2004, with a flat window and mirrored borders. The window
 * slides, so that its size costs nothing. Both sides must have at least 7 pixels.
 */
export function structuralSimilarity(
  first: Uint8Array,
  second: Uint8Array,
  { width, height }: PlaneSize,
): number {
  const padded = width + 2 * reach;
  const sums: ColumnSums = {
    first: new Int32Array(padded),
    second: new Int32Array(padded),
    squares: new Int32Array(padded),
    products: new Int32Array(padded),
  };
  const addRow = (row: number, sign: 1 | -1) => {
    const start = mirrored(row, height) * width;
    addToColumns(sums, first.subarray(start, start + width), second.subarray(start), sign);
  };
  for (let row = -reach; row < reach; row++) addRow(row, 1);
  let total = 0;
  for (let row = 0; row < height; row++) {
    addRow(row + reach, 1);
    total += rowSimilarity(sums, width);
    addRow(row - reach, -1);
  }
  return total / (width * height);
}

function addToColumns(
  sums: ColumnSums,
  firstRow: Uint8Array,
  secondRow: Uint8Array,
  sign: 1 | -1,
): void {
  const { first, second, squares, products } = sums;
  for (let column = 0; column < firstRow.length; column++) {
    const a = firstRow[column] as number;
    const b = secondRow[column] as number;
    const at = column + reach;
    first[at] = (first[at] as number) + sign * a;
    second[at] = (second[at] as number) + sign * b;
    squares[at] = (squares[at] as number) + sign * (a * a + b * b);
    products[at] = (products[at] as number) + sign * (a * b);
  }
}

/** The sum of the similarities around each pixel of a row. */
function rowSimilarity(sums: ColumnSums, width: number): number {
  const { first, second, squares, products } = sums;
  for (const columns of [first, second, squares, products]) mirrorEnds(columns, width);
  let a = 0;
  let b = 0;
  let square = 0;
  let product = 0;
  for (let column = 0; column < windowSide - 1; column++) {
    a += first[column] as number;
    b += second[column] as number;
    square += squares[column] as number;
    product += products[column] as number;
  }
  let total = 0;
  for (let column = 0; column < width; column++) {
    const entering = column + windowSide - 1;
    a += first[entering] as number;
    b += second[entering] as number;
    square += squares[entering] as number;
    product += products[entering] as number;
    total += windowSimilarity(a, b, square, product);
    a -= first[column] as number;
    b -= second[column] as number;
    square -= squares[column] as number;
    product -= products[column] as number;
  }
  return total;
}

function windowSimilarity(a: number, b: number, square: number, product: number): number {
  const meanA = a / windowPixels;
  const meanB = b / windowPixels;
  const meanProduct = meanA * meanB;
  const meanSquares = meanA * meanA + meanB * meanB;
  const covariance = product / windowPixels - meanProduct;
  const variances = square / windowPixels - meanSquares;
  return (
    ((2 * meanProduct + luminanceConstant) * (2 * covariance + contrastConstant)) /
    ((meanSquares + luminanceConstant) * (variances + contrastConstant))
  );
}

function mirrorEnds(columns: Int32Array, width: number): void {
  for (let distance = 0; distance < reach; distance++) {
    columns[reach - 1 - distance] = columns[reach + distance] as number;
    columns[reach + width + distance] = columns[reach + width - 1 - distance] as number;
  }
}

/** Rows beyond an edge are those before it, the edge's own first. */
function mirrored(row: number, height: number): number {
  if (row < 0) return -row - 1;
  return row < height ? row : 2 * height - 1 - row;
}
