import type { RowMajor } from './rowMajor.js';

/** What is subtracted: the mean of each column, of each row, or nothing. */
export type Centering = 'columns' | 'rows' | 'none';

/** @throws RangeError, in the name of `who`, for any other word. */
export function checkCentering(who: string, centering: Centering): void {
  if (centering === 'columns' || centering === 'rows' || centering === 'none') return;
  throw new RangeError(`${who}: centering must be 'columns', 'rows' or 'none', got ${centering}`);
}

/** The matrix in float64 with its means subtracted. A column, or row, of equal values becomes exactly 0. */
export function centered(matrix: RowMajor, centering: Centering): RowMajor {
  const { rows, columns } = matrix;
  const values = Float64Array.from(matrix.values);
  if (centering === 'columns') for (let j = 0; j < columns; j++) subtractMean(values, j, columns, rows);
  if (centering === 'rows') for (let i = 0; i < rows; i++) subtractMean(values, i * columns, 1, columns);
  return { rows, columns, values };
}

/** The mean is taken relative to the first value, so that equal values leave no rounding behind that would pass for variance. */
function subtractMean(values: Float64Array, start: number, stride: number, count: number): void {
  const first = values[start]!;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[start + i * stride]! - first;
  const mean = first + sum / count;
  for (let i = 0; i < count; i++) values[start + i * stride]! -= mean;
}
