import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { twiceDifferentiable } from '../../../src/curvature/tape/twiceDifferentiable.js';
import { onBackends } from '../onBackends.js';

/** Small whole numbers, so that every sum is exact. */
const counted = (shape: readonly number[], from: number): tf.Tensor => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => ((i + from) % 7) - 3),
    [...shape],
  );
};

/** Σ_k d[i, k] b[j, k] for each matrix of the batch: what comes back to a of a b, written out. */
function backToFirst(d: tf.Tensor, b: tf.Tensor): number[] {
  const [m, n] = d.shape.slice(-2) as [number, number];
  const inner = b.shape.at(-2)!;
  const [dv, bv] = [d.dataSync(), b.dataSync()];
  const matrices = d.size / (m * n);
  return Array.from({ length: matrices * m * inner }, (_, at) => {
    const [matrix, i, j] = [Math.floor(at / (m * inner)), Math.floor(at / inner) % m, at % inner];
    let sum = 0;
    for (let k = 0; k < n; k++) sum += dv[(matrix * m + i) * n + k]! * bv[(matrix * inner + j) * n + k]!;
    return sum;
  });
}

onBackends(() => {
  test.each([
    ['the larger', [2, 3], [3, 5]],
    ['the smaller', [8, 3], [3, 2]],
    ['the larger, in a batch', [4, 2, 3], [4, 3, 5]],
  ])('what comes back through a product whose second factor is %s is d bᵀ', (_, left, right) => {
    tf.tidy(() => {
      const [a, b] = [counted(left, 0), counted(right, 2)];
      const d = counted([...left.slice(0, -1), right.at(-1)!], 4);
      const slope = twiceDifferentiable(() => tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.matMul(x, b), d)))(a));
      expect(slope.shape).toEqual(left);
      expect([...slope.dataSync()]).toEqual(backToFirst(d, b));
    });
  });

  test('and its derivative in b is the adjoint: ⟨e, d bᵀ⟩ has the gradient eᵀd', () => {
    tf.tidy(() => {
      const [a, b, d, e] = [counted([2, 3], 0), counted([3, 5], 2), counted([2, 5], 4), counted([2, 3], 1)];
      const inB = twiceDifferentiable(() =>
        tf.grad((y: tf.Tensor) => {
          const slope = tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.matMul(x, y), d)))(a);
          return tf.sum(tf.mul(slope, e));
        })(b),
      );
      // Σ_i e[i, j] d[i, k] is what comes back to the first factor of a product of eᵀ and dᵀ.
      expect([...inB.dataSync()]).toEqual(backToFirst(tf.transpose(e), tf.transpose(d)));
    });
  });
});
