import type { Tensor } from '@tensorflow/tfjs-core';
import { readBack } from './readBack.js';

/**
 * The class of each example, from targets as losses take them: the largest of a row of `[n, classes]`, the first of
 * several; or the whole number in `[n]` or `[n, 1]`.
 *
 * @throws TypeError or RangeError, in the name of `who`, for targets of another shape, or numbers that are no classes.
 */
export function classLabels(who: string, targets: Tensor): readonly number[] {
  const { shape, values } = readBack(() => targets);
  const [rows = 1, classes = 1] = shape;
  if (shape.length < 1 || shape.length > 2) {
    throw new TypeError(`${who}: targets must be [n, classes], [n] or [n, 1], one class an example, got [${shape}]`);
  }
  if (classes > 1) {
    return Array.from({ length: rows }, (_, i) => largest(values.subarray(i * classes, (i + 1) * classes)));
  }
  const odd = values.find((value) => !Number.isInteger(value));
  if (odd === undefined) return [...values];
  throw new RangeError(`${who}: targets must be classes, one-hot or whole numbers, got ${odd}`);
}

const largest = (row: Float32Array): number => row.indexOf(row.reduce((a, b) => Math.max(a, b)));
