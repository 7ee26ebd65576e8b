import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { rowSpace } from '../../../src/curvature/linearize/rowSpace.js';
import { onBackends } from '../onBackends.js';

/** Normal but for the tails. */
function matrix(rows: number, columns: number, scales: (i: number) => number): tf.Tensor2D {
  const draw = random(4);
  const values = Array.from({ length: rows * columns }, (_, i) => {
    const sum = Array.from({ length: 12 }, draw).reduce((a, b) => a + b);
    return scales(Math.floor(i / columns)) * (sum - 6);
  });
  return tf.tensor2d(values, [rows, columns]);
}

/** The largest |A − B| over the largest |B|. */
const distance = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.div(tf.max(tf.abs(tf.sub(a, b))), tf.max(tf.abs(b))).dataSync()[0]!);

const throughIt = (x: tf.Tensor2D, q: tf.Tensor2D): tf.Tensor2D => tf.matMul(tf.matMul(x, q, false, true), q);

onBackends(() => {
  test.each([
    ['as long', () => 1],
    ['from long to a hundred-thousandth of that', (i: number) => 10 ** (-i / 3)],
    ['tiny', () => 1e-12],
  ])('of rows that are %s it is orthonormal and spans them', (_, scales) => {
    tf.tidy(() => {
      const x = matrix(16, 300, scales);
      const q = rowSpace(x);
      expect(distance(tf.matMul(q, q, false, true), tf.eye(16))).toBeLessThan(2e-6);
      expect(distance(throughIt(x, q), x)).toBeLessThan(2e-6);
    });
  });

  test('rows that lean on each other are spanned as well as float32 has them', () => {
    tf.tidy(() => {
      const base = matrix(12, 300, () => 1);
      const mean = tf.mean(base, 0, true) as tf.Tensor2D;
      // The same row twice, one that is nearly another, and one that is a mean.
      const nearly = tf.add(tf.slice(base, [3, 0], [1, 300]), tf.mul(1e-4, tf.slice(base, [5, 0], [1, 300])));
      const x = tf.concat([tf.slice(base, [0, 0], [5, 300]), tf.slice(base, [0, 0], [1, 300]), nearly, mean, base]);
      const q = rowSpace(x as tf.Tensor2D);
      expect(distance(throughIt(x as tf.Tensor2D, q), x)).toBeLessThan(4e-6);
      // Never longer than 1, so that nothing counts twice.
      const [largest] = [tf.max(tf.norm(throughIt(q, q), 2, 1)).dataSync()[0]!];
      expect(largest).toBeLessThan(1 + 1e-5);
    });
  });

  test('of zeros it is zeros', () => {
    tf.tidy(() => {
      expect(Math.max(...rowSpace(tf.zeros([3, 5])).dataSync())).toBe(0);
    });
  });
});
