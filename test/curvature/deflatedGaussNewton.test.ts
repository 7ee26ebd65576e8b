import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deflatedGaussNewton } from '../../src/curvature/deflatedGaussNewton.js';

/** G = Jᵀ S J of three outputs and four weights; whole numbers, so that nothing is rounded. */
const [J, S] = [
  [
    [1, 2, 0, -1],
    [0, 3, 1, 2],
    [2, -1, 4, 0],
  ],
  [
    [4, 1, 0],
    [1, 3, -1],
    [0, -1, 2],
  ],
];
const times = (rows: readonly number[][], v: readonly number[]) =>
  Float64Array.from(rows, (row) => row.reduce((sum, a, i) => sum + a * v[i]!, 0));
const tangentOf = (v: readonly number[]) => {
  const outputs = times(J!, v);
  return { outputs, slopes: times(S!, [...outputs]) };
};
const form = (v: readonly number[]) => {
  const { outputs, slopes } = tangentOf(v);
  return outputs.reduce((sum, u, i) => sum + u * slopes[i]!, 0);
};
const vector = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 4, maxLength: 4 });

test('what is within a space and what is beside it are the forms that G has there', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(vector, fc.integer({ min: -3, max: 3 })), { maxLength: 4 }), vector, (space, v) => {
      const g = deflatedGaussNewton();
      for (const [q] of space) g.add(tangentOf(q));
      expect(g.trace()).toBe(space.reduce((sum, [q]) => sum + form(q), 0));
      const x = v.map((vi, i) => vi - space.reduce((sum, [q, c]) => sum + c * q[i]!, 0));
      const c = space.map(([, c]) => c);
      expect(g.beside(c, tangentOf(v))).toBe(form(x));
    }),
  );
});
