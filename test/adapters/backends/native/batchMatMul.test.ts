import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { findNative, folder } from './provisioned.js';

describe.skipIf(!findNative())('matMul on TensorFlow', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  const DEPTH = 37;

  /** Small whole numbers, whose products float32 holds exactly. */
  const number = (i: number, j: number): number => ((7 * i + 13 * j) % 17) - 8;

  const matrix = (rows: number, columns: number, transposed: boolean, dtype: 'float32' | 'int32'): tf.Tensor2D => {
    const entry = (i: number) => number(Math.floor(i / columns), i % columns);
    const plain = tf.tensor2d(
      Array.from({ length: rows * columns }, (_, i) => entry(i)),
      [rows, columns],
      dtype,
    );
    return transposed ? tf.transpose(plain) : plain;
  };

  const cases = [63, 64, 256, 257].flatMap((rows) =>
    [1000, 1024, 1536].flatMap((columns) =>
      [false, true].flatMap((transposeA) =>
        [false, true].map((transposeB) => ({ rows, columns, transposeA, transposeB })),
      ),
    ),
  );

  test.each(cases)(
    'of $rows rows and $columns columns, transposed $transposeA and $transposeB, is exact',
    ({ rows, columns, transposeA, transposeB }) => {
      const a = matrix(rows, DEPTH, transposeA, 'float32');
      const b = matrix(DEPTH, columns, transposeB, 'float32');
      const product = tf.matMul(a, b, transposeA, transposeB);
      expect(product.shape).toEqual([rows, columns]);
      const found = product.dataSync();
      const wrong = found.findIndex((x, at) => {
        const [i, j] = [Math.floor(at / columns), at % columns];
        let sum = 0;
        for (let k = 0; k < DEPTH; k++) sum += number(i, k) * number(k, j);
        return x !== sum;
      });
      expect(wrong).toBe(-1);
      tf.dispose([a, b, product]);
    },
  );

  test('of integers and of complex numbers is of their kind', () => {
    const whole = tf.matMul(matrix(64, DEPTH, false, 'int32'), matrix(DEPTH, 1024, false, 'int32'));
    expect(whole.dtype).toBe('int32');
    expect(whole.dataSync()[0]).toBe(
      Array.from({ length: DEPTH }, (_, k) => number(0, k) * number(k, 0)).reduce((a, b) => a + b),
    );
    const i = tf.complex(tf.zeros([2, 2]), tf.eye(2));
    const squared = tf.matMul(i, i);
    expect([...tf.real(squared).dataSync()]).toEqual([-1, 0, 0, -1]);
  });

  test('of batches broadcasts them', () => {
    const [a, b] = [tf.ones([3, 64, 5]), tf.ones([1, 5, 1024])];
    expect(tf.matMul(a, b).shape).toEqual([3, 64, 1024]);
    expect(
      tf
        .matMul(a, b)
        .dataSync()
        .every((x) => x === 5),
    ).toBe(true);
  });
});
