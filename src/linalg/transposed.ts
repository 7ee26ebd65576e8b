import type { RowMajor } from './rowMajor.js';

/** Aᵀ in float64. */
export function transposed({ rows, columns, values }: RowMajor): RowMajor & { readonly values: Float64Array } {
  const flipped = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) flipped[j * rows + i] = values[i * columns + j]!;
  }
  return { rows: columns, columns: rows, values: flipped };
}
