import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addCombination, coordinates, orthogonalize } from '../../../src/curvature/spectrum/basis.js';
import { norm } from '../../../src/curvature/spectrum/weightSpace.js';
import { dot } from '../../../src/linalg/dot.js';

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
      const found = coordinates(basis, x);
      basis.forEach((q, i) => {
        expect(found[i]).toBeCloseTo(
          q.reduce((sum, a, j) => sum + a * x[j]!, 0),
          8,
        );
      });
      const y = x.slice();
      addCombination(y, found, basis);
      y.forEach((yj, j) => {
        const expected = basis.reduce((sum, q, i) => sum + found[i]! * q[j]!, x[j]!);
        expect(Math.abs(yj - expected)).toBeLessThanOrEqual(1e-12 * (1 + basis.length) * 1e8);
      });
    }),
  );
});

test('orthogonalize leaves what stands across the basis, and its length', () => {
  const x = Float64Array.of(3, 4, 12, 5, 0, 2);
  expect(
    orthogonalize(
      x,
      [0, 1, 2, 3, 4].map((i) => unit(6, i)),
    ),
  ).toBe(2);
  expect([...x]).toEqual([0, 0, 0, 0, 0, 2]);
});

test('what is left by cancellation is orthogonal to full precision; what lies in the span leaves nothing', () => {
  const q = Float64Array.of(0.6, 0.8, 0);
  const x = Float64Array.of(0.6e8, 0.8e8 + 1e-3, 1e-3);
  const left = orthogonalize(x, [q]);
  expect(Math.abs(dot(x, q))).toBeLessThan(1e-15 * norm(x) * 10);
  expect(left).toBe(norm(x));
  expect(orthogonalize(Float64Array.of(3, 4, 0), [q])).toBe(0);
  expect(orthogonalize(new Float64Array(3), [q])).toBe(0);
});
