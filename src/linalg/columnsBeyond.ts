import type { RowMajor } from './rowMajor.js';

/** The columns that hold a value whose size is beyond a bound, in their order. */
export function columnsBeyond(matrix: RowMajor, bound: number): RowMajor {
  const { rows, columns, values } = matrix;
  const isBeyond = new Uint8Array(columns).fill(1);
  for (const j of columnsWithin(matrix, bound)) isBeyond[j] = 0;
  const kept = Uint32Array.from(isBeyond.keys()).filter((j) => isBeyond[j]);
  if (kept.length === columns) return matrix;
  const rest = values.slice(0, rows * kept.length);
  let to = 0;
  for (let at = 0; at < values.length; at += columns)
    for (let k = 0; k < kept.length; k++) rest[to++] = values[at + kept[k]!]!;
  return { rows, columns: kept.length, values: rest };
}

/** The other columns, in their order. Row after row, as memory lies, and only where none has been met yet: few, after some rows. */
export function columnsWithin({ columns, values }: RowMajor, bound: number): Uint32Array {
  const left = Uint32Array.from({ length: columns }, (_, j) => j);
  let count = columns;
  for (let at = 0; at < values.length && count > 0; at += columns) {
    let stay = 0;
    for (let k = 0; k < count; k++) if (!(Math.abs(values[at + left[k]!]!) > bound)) left[stay++] = left[k]!;
    count = stay;
  }
  return left.subarray(0, count);
}
