import { dot } from '../../linalg/dot.js';
import type { Vectors } from './vectors.js';
import { addScaled } from './weightSpace.js';

/**
 * Vectors of weight space as numbers, in float64.
 *
 * Sums over a basis would cost Lanczos more than its products if taken vector by vector. So four vectors pass at a time: an
 * element of the other vector is loaded once for them, and their sums run side by side.
 */
export const numberVectors: Vectors<Float64Array> = {
  from: (numbers) => numbers,
  numbers: (x) => x,
  coordinates(basis, x) {
    const found = new Float64Array(basis.length);
    const whole = basis.length - (basis.length % 4);
    for (let i = 0; i < whole; i += 4)
      found.set(fourDots(basis[i]!, basis[i + 1]!, basis[i + 2]!, basis[i + 3]!, x), i);
    for (let i = whole; i < basis.length; i++) found[i] = dot(basis[i]!, x);
    return found;
  },
  combination(weights, xs) {
    const sum = new Float64Array(xs[0]!.length);
    const whole = xs.length - (xs.length % 4);
    for (let i = 0; i < whole; i += 4) {
      const four = [weights[i]!, weights[i + 1]!, weights[i + 2]!, weights[i + 3]!] as const;
      addFour(sum, four, xs[i]!, xs[i + 1]!, xs[i + 2]!, xs[i + 3]!);
    }
    for (let i = whole; i < xs.length; i++) addScaled(sum, weights[i]!, xs[i]!);
    return sum;
  },
  release() {},
  releaseAll() {},
};

function fourDots(a: Float64Array, b: Float64Array, c: Float64Array, d: Float64Array, x: Float64Array): number[] {
  let [ax, bx, cx, dx] = [0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const xi = x[i]!;
    ax += a[i]! * xi;
    bx += b[i]! * xi;
    cx += c[i]! * xi;
    dx += d[i]! * xi;
  }
  return [ax, bx, cx, dx];
}

function addFour(
  x: Float64Array,
  [wa, wb, wc, wd]: readonly [number, number, number, number],
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  d: Float64Array,
): void {
  for (let i = 0; i < x.length; i++) x[i] = x[i]! + wa * a[i]! + wb * b[i]! + wc * c[i]! + wd * d[i]!;
}
