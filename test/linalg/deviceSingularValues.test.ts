import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { deviceSingularValues } from '../../src/linalg/deviceSingularValues.js';
import type { RowMajor } from '../../src/linalg/rowMajor.js';
import { squaredSingularValues } from '../../src/linalg/squaredSingularValues.js';
import { onBackends } from '../curvature/onBackends.js';

/** A matrix `[rows, values.length]` of these singular values: its two sides are reflections I − 2uuᵀ of a diagonal. */
function withSingularValues(rows: number, singular: readonly number[]): RowMajor {
  const columns = singular.length;
  const draw = random(11);
  const unit = (n: number) => {
    const drawn = Array.from({ length: n }, () => draw() - 0.5);
    const length = Math.hypot(...drawn);
    return drawn.map((x) => x / length);
  };
  const [u, v] = [unit(rows), unit(columns)];
  const along = singular.reduce((sum, s, k) => sum + u[k]! * s * v[k]!, 0);
  const values = Float64Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    const diagonal = i === j ? singular[i]! : 0;
    const [left, right] = [u[i]! * u[j]! * (singular[j] ?? 0), i < columns ? singular[i]! * v[i]! * v[j]! : 0];
    return diagonal - 2 * left - 2 * right + 4 * u[i]! * along * v[j]!;
  });
  return { rows, columns, values };
}

const spectra: readonly [string, readonly number[]][] = [
  ['alike', Array.from({ length: 96 }, (_, i) => 2 - i / 96)],
  [
    'far apart, so that the Gram matrix in float32 would lose them',
    Array.from({ length: 96 }, (_, i) => 10 ** (-i / 16)),
  ],
  ['few, all others 0', Array.from({ length: 96 }, (_, i) => (i < 5 ? 5 - i : 0))],
];

onBackends((backend) => {
  test.each(spectra)('singular values that are %s are found, their sum to 1e-6', (_, singular) => {
    const matrix = withSingularValues(150, singular);
    const found = squaredSingularValues(matrix).map(Math.sqrt);
    expect(found).toHaveLength(singular.length);
    const total = singular.reduce((sum, s) => sum + s, 0);
    expect(singular.reduce((off, s, i) => off + Math.abs(found[i]! - s), 0) / total).toBeLessThan(1e-6);
  });

  test.each([1e30, 1e-30])('singular values of the size %s are found, whose squares float32 cannot hold', (size) => {
    const { rows, columns, values } = withSingularValues(100, spectra[0]![1]);
    const found = squaredSingularValues({ rows, columns, values: values.map((x) => x * size) }).map(Math.sqrt);
    expect(found[0]! / size).toBeCloseTo(2, 5);
    expect(found.at(-1)! / size).toBeCloseTo(1 + 1 / 96, 5);
  });

  test('singular values whose squares not even float64 can hold have squares of 0', () => {
    const { rows, columns, values } = withSingularValues(100, spectra[0]![1]);
    const found = squaredSingularValues({ rows, columns, values: values.map((x) => x * 1e-310) });
    expect([...found]).toEqual(new Array(96).fill(0));
  });

  // Rows and columns of A + 1 rᵀ, A + c 1ᵀ whose own means are 0: centring takes the rest away, whatever its size.
  test.each(['columns', 'rows'] as const)('%s are centred before', (centering) => {
    const n = 80;
    const waves = (i: number, j: number) => Math.cos((2 * Math.PI * i) / n) * Math.cos((2 * Math.PI * j) / n);
    const values = Float32Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return waves(i, j) + (centering === 'columns' ? j : i);
    });
    const found = squaredSingularValues({ rows: n, columns: n, values }, centering).map(Math.sqrt);
    // ‖cos‖² = n/2 on both sides.
    expect(found[0]).toBeCloseTo(n / 2, 3);
    expect(found[1]).toBeLessThan(1e-4);
  });

  test('the device is asked where it has the kernel, leaves no tensor, and hands back what is not finite', () => {
    const tensors = tf.memory().numTensors;
    const small = withSingularValues(3, [3, 2, 1]);
    const found = deviceSingularValues(small, 'none');
    if (backend === 'tensorflow') [3, 2, 1].forEach((s, i) => expect(found![i]).toBeCloseTo(s, 5));
    else expect(found).toBeUndefined();
    expect(deviceSingularValues({ ...small, values: small.values.map(() => NaN) }, 'none')).toBeUndefined();
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

test('columns of zeros count among the singular values, and change none', () => {
  const { rows, columns, values } = withSingularValues(5, [3, 2, 1]);
  const padded = Float64Array.from({ length: rows * 5 }, (_, at) => {
    const [i, j] = [Math.floor(at / 5), at % 5];
    return j === 1 || j === 4 ? 0 : values[i * columns + (j > 1 ? j - 1 : j)]!;
  });
  const found = squaredSingularValues({ rows, columns: 5, values: padded });
  [9, 4, 1, 0, 0].forEach((square, i) => expect(found[i]).toBeCloseTo(square, 12));
});
