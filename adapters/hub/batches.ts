import type { Batch } from '../../proto/codec.js';

/** Rows in a frame at most, so that none is much larger than half a megabyte. */
export const ROWS_IN_A_FRAME = 16_384;

export const EMPTY_BATCH: Batch = {
  kind: 'batch',
  series: [],
  ids: [],
  steps: [],
  values: [],
  standardErrors: [],
  points: [],
};

export interface Columns {
  readonly ids: Float64Array | Uint32Array;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** NaN where a value has none. */
  readonly standardErrors: Float64Array;
}

/** Columns as batches of bounded size; standard errors are left out of a batch that has none. */
export function inBatches({ ids, steps, values, standardErrors }: Columns): Batch[] {
  const batches: Batch[] = [];
  for (let start = 0; start < ids.length; start += ROWS_IN_A_FRAME) {
    const end = start + ROWS_IN_A_FRAME;
    const errors = standardErrors.subarray(start, end);
    batches.push({
      ...EMPTY_BATCH,
      ids: ids.subarray(start, end),
      steps: steps.subarray(start, end),
      values: values.subarray(start, end),
      standardErrors: errors.every(Number.isNaN) ? [] : errors,
    });
  }
  return batches;
}
