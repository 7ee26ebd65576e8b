import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { NpyArray } from './npy.js';

/**
 * The numbers of an array as a tensor.
 *
 * @param who names the array in the errors.
 * @throws Error for a value that is not finite, or that float32 cannot hold: beyond its range, or an integer above 2²⁴
 *   that it would round to another.
 */
export function float32(who: string, array: NpyArray, shape: readonly number[]): Tensor {
  const values = Float32Array.from(array.values);
  const whole = !array.dtype.includes('f');
  for (let i = 0; i < values.length; i++) {
    const given = array.values[i]!;
    if (Number.isFinite(values[i]) && (!whole || values[i] === given)) continue;
    const held = Number.isFinite(given) ? `${given}, which float32 cannot hold; rescale it` : `${given}; leave it out`;
    throw new Error(`${who} is not usable: at [${indices(i, array.shape).join(', ')}] it is ${held}`);
  }
  return tensor(values, [...shape]);
}

/** Where the n-th number stands, counted row by row. */
function indices(n: number, shape: readonly number[]): number[] {
  const reversed: number[] = [];
  let left = n;
  for (const size of [...shape].reverse()) {
    reversed.push(left % size);
    left = Math.floor(left / size);
  }
  return reversed.reverse();
}
