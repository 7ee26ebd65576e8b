import type { RowMajor } from './rowMajor.js';

/** The columns that hold a value whose size is beyond a bound, in their order. */
export function columnsBeyond(matrix: RowMajor, bound: number): RowMajor {
  const { rows, columns, values } = matrix;
  const isBeyond = (j: number): boolean => {
    for (let i = 0; i < rows; i++) if (Math.abs(values[i * columns + j]!) > bound) return true;
    return false;
  };
  const kept = Array.from({ length: columns }, (_, j) => j).filter(isBeyond);
  if (kept.length === columns) return matrix;
  const rest = new Float64Array(rows * kept.length);
  for (let i = 0; i < rows; i++) {
    for (const [at, j] of kept.entries()) rest[i * kept.length + at] = values[i * columns + j]!;
  }
  return { rows, columns: kept.length, values: rest };
}
