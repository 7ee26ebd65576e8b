import type { Tensor } from '@tensorflow/tfjs-core';
import { readBack } from './readBack.js';

/**
 * The class of each example, from targets as losses of one class an example take them: rows `[n, classes]` of one-hot
 * vectors or probabilities, of which the largest counts, the first of several; or whole numbers `[n]` or `[n, 1]`.
 *
 * @throws TypeError or RangeError, in the name of `who`, for targets of another shape, or numbers that tell no class.
 */
export function classLabels(who: string, targets: Tensor): readonly number[] {
  const { shape, values } = readBack(() => targets);
  const [rows = 1, classes = 1] = shape;
  if (shape.length < 1 || shape.length > 2) {
    throw new TypeError(`${who}: targets must be [n, classes], [n] or [n, 1], one class an example, got [${shape}]`);
  }
  if (classes > 1) {
    return Array.from({ length: rows }, (_, i) => likeliest(who, values.subarray(i * classes, (i + 1) * classes)));
  }
  const odd = values.find((value) => !Number.isInteger(value));
  if (odd === undefined) return [...values];
  throw new RangeError(`${who}: targets must be classes, one-hot or whole numbers, got ${odd}`);
}

/** Several labels an example, or values to be fitted, would pass for a class. */
function likeliest(who: string, row: Float32Array): number {
  const sum = row.reduce((a, b) => a + b, 0);
  if (row.every((p) => p >= 0) && Math.abs(sum - 1) < 1e-3) return row.indexOf(Math.max(...row));
  throw new RangeError(
    `${who}: targets must be one-hot or probabilities, one class an example, got [${row.join(', ')}]`,
  );
}
