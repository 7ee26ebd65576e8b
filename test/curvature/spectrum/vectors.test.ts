import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberVectors } from '../../../src/curvature/spectrum/numberVectors.js';
import { keepOrthogonal, orthogonalize } from '../../../src/curvature/spectrum/orthogonalize.js';
import { tensorVectors } from '../../../src/curvature/spectrum/tensorVectors.js';
import { norm } from '../../../src/curvature/spectrum/weightSpace.js';
import { scoped } from '../../../src/curvature/tape/scoped.js';
import { dot } from '../../../src/linalg/dot.js';
import { onBackends } from '../onBackends.js';

const unit = (n: number, i: number) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0));
const value = fc.double({ min: -100, max: 100, noNaN: true });
/** Some vectors of one length, and one more. */
const vectors = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 9 })).chain(([n, count]) => {
  const vector = fc.array(value, { minLength: n, maxLength: n }).map((v) => Float64Array.from(v));
  return fc.tuple(fc.array(vector, { minLength: count, maxLength: count }), vector);
});

test('coordinates and combinations are the plain sums, however many vectors there are', () => {
  fc.assert(
    fc.property(vectors, ([basis, x]) => {
      const found = numberVectors.coordinates(basis, x);
      basis.forEach((q, i) => {
        expect(found[i]).toBeCloseTo(
          q.reduce((sum, a, j) => sum + a * x[j]!, 0),
          8,
        );
      });
      numberVectors.combination([1, ...found], [x, ...basis]).forEach((yj, j) => {
        const expected = basis.reduce((sum, q, i) => sum + found[i]! * q[j]!, x[j]!);
        expect(Math.abs(yj - expected)).toBeLessThanOrEqual(1e-12 * (1 + basis.length) * 1e8);
      });
    }),
  );
});

test('orthogonalize leaves what stands across the basis, and its length', () => {
  const x = Float64Array.of(3, 4, 12, 5, 0, 2);
  const basis = [0, 1, 2, 3, 4].map((i) => unit(6, i));
  const { vector, length } = orthogonalize(numberVectors, x, basis);
  expect(length).toBe(2);
  expect([...vector]).toEqual([0, 0, 0, 0, 0, 2]);
  expect([...x]).toEqual([3, 4, 12, 5, 0, 2]);
});

test('what is left by cancellation is orthogonal to full precision; what lies in the span leaves nothing', () => {
  const q = Float64Array.of(0.6, 0.8, 0);
  const x = Float64Array.of(0.6e8, 0.8e8 + 1e-3, 1e-3);
  const { vector, length } = orthogonalize(numberVectors, x, [q]);
  expect(Math.abs(dot(vector, q))).toBeLessThan(1e-15 * norm(vector) * 10);
  expect(length).toBe(norm(vector));
  expect(orthogonalize(numberVectors, Float64Array.of(3, 4, 0), [q]).length).toBe(0);
  expect(orthogonalize(numberVectors, new Float64Array(3), [q]).length).toBe(0);
});

test('what is nearly orthogonal already is left as it is, and what strays is made so', () => {
  const q = unit(3, 0);
  const near = Float64Array.of(1e-5, 1, 0);
  expect(keepOrthogonal(numberVectors, near, [q]).vector).toBe(near);
  expect([...keepOrthogonal(numberVectors, Float64Array.of(1e-2, 1, 0), [q]).vector]).toEqual([0, 1, 0]);
});

onBackends(() => {
  test('vectors of tensors have the sums of vectors of numbers, and are gone when they are released', () => {
    const like = [tf.zeros([3, 2]), tf.zeros([4]), tf.scalar(0)];
    const doubled = { params: like, apply: (v: readonly tf.Tensor[]) => v.map((x) => tf.mul(x, 2)) };
    const before = tf.memory().numTensors;
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 11, maxLength: 11 }), {
          minLength: 1,
          maxLength: 5,
        }),
        (rows) => {
          const numbers = rows.map((row) => Float64Array.from(row));
          const onBackend = tensorVectors(doubled);
          // Within a scope that ends: vectors outlast it.
          const xs = scoped(() => numbers.map((x) => onBackend.from(x)));
          expect([...onBackend.coordinates(xs, xs[0]!)]).toEqual([...numberVectors.coordinates(numbers, numbers[0]!)]);
          const weights = rows.map((_, i) => i - 1.5);
          const found = onBackend.numbers(onBackend.combination(weights, xs));
          numberVectors.combination(weights, numbers).forEach((y, j) => {
            expect(found[j]).toBeCloseTo(y, 12);
          });
          expect([...onBackend.numbers(onBackend.image(xs[0]!))]).toEqual(rows[0]!.map((x) => 2 * x));
          onBackend.releaseAll();
          expect(tf.memory().numTensors).toBe(before);
        },
      ),
      { numRuns: 20 },
    );
    tf.dispose(like);
  });

  test('sums over gathered vectors are those over each by itself, and the vectors themselves are let go of', () => {
    const like = [tf.zeros([3, 1000]), tf.zeros([7])];
    const before = tf.memory().numTensors;
    const numbers = [0, 1, 2, 3, 4].map((i) => Float64Array.from({ length: 3007 }, (_, j) => ((i + 2) * j) % 7));
    const onBackend = tensorVectors({ params: like, apply: (v) => [...v] });
    const [a, b, c, d, x] = numbers.map((v) => onBackend.from(v)) as [tf.Tensor3D, ...tf.Tensor3D[]];
    const basis = [onBackend.gathered!([a, b!, c!]), d!];
    expect([...onBackend.coordinates([...basis, x!], x!)]).toEqual([
      ...numberVectors.coordinates(numbers, numbers.at(-1)!),
    ]);
    const weights = [1, -2, 0.5, 3, 1];
    expect([...onBackend.numbers(onBackend.combination(weights, [...basis, x!]))]).toEqual([
      ...numberVectors.combination(weights, numbers),
    ]);
    expect(tf.memory().numTensors - before).toBe(basis.length + 1 + 1);
    onBackend.releaseAll();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(like);
  });

  test('a long inner product is as exact as its factors', () => {
    // Rows of ones and rows of 2⁻⁸. In float32 a square of the latter is lost beside 2⁸, and a whole row of them beside 2²⁰.
    const like = [tf.zeros([2048, 2000])];
    const onBackend = tensorVectors({ params: like, apply: (v) => [...v] });
    const x = onBackend.from(
      Float64Array.from({ length: 2048 * 2000 }, (_, i) => (Math.floor(i / 2000) % 2 === 0 ? 1 : 2 ** -8)),
    );
    const [found] = onBackend.coordinates([x], x);
    expect(found).toBe(2 ** 10 * 2000 * (1 + 2 ** -16));
    onBackend.releaseAll();
    tf.dispose(like);
  });
});
