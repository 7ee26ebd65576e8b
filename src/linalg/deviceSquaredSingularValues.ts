import { engine, getBackend, getKernel, type Tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { RowMajor } from './rowMajor.js';

/** A kernel of `loadTensorFlow`, which says what it takes and gives. */
const KERNEL = 'SquaredSingularValues';

/**
 * The squares of the singular values of a matrix, largest first, by the backend's own kernel; `undefined` where it
 * registers none, or a value is not finite.
 *
 * Of the matrix in float32, computed in float64: the singular values err by some 1e-7 of the largest. 1,000 × 512 take some
 * 35 ms on tensorflow.
 */
export function deviceSquaredSingularValues({ rows, columns, values }: RowMajor): Float64Array | undefined {
  if (!getKernel(KERNEL, getBackend())) return undefined;
  const size = largest(values);
  if (!Number.isFinite(size)) return undefined;
  const scale = size ** 2 > 0 ? 2 ** Math.floor(Math.log2(size)) : 1;
  let ascending!: Float64Array;
  tidy(() => {
    const input = tensor2d(scaledDown(values, scale), [rows, columns]);
    ascending = new Float64Array(engine().runKernel<Tensor>(KERNEL, { input }).dataSync());
  });
  return ascending.map((square) => Math.max(0, square * scale ** 2)).reverse();
}

/** NaN if one is. By a loop over numbers, as below: iterators take ten times as long. */
function largest(values: RowMajor['values']): number {
  let size = 0;
  for (let i = 0; i < values.length; i++) size = Math.max(size, Math.abs(values[i]!));
  return size;
}

/** So that no square overflows or vanishes; by a power of two, which loses no digit. */
function scaledDown(values: RowMajor['values'], scale: number): Float32Array {
  const scaled = new Float32Array(values.length);
  const factor = 1 / scale;
  for (let i = 0; i < values.length; i++) scaled[i] = values[i]! * factor;
  return scaled;
}
