import { expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { hutchinson } from '../../../src/curvature/spectrum/hutchinson.js';
import { hutchPlusPlus } from '../../../src/curvature/spectrum/hutchPlusPlus.js';
import { diagonal, operator, symmetric } from '../matrices.js';

/** A rotated matrix of eigenvalues 1/k², of trace Σ 1/k², as a product with two Householder reflections around it. */
function decaying(n: number) {
  const values = Array.from({ length: n }, (_, k) => 1 / (k + 1) ** 2);
  const normal = Float64Array.from({ length: n }, (_, i) => Math.sqrt(2 / n) * Math.sin(i * i + 1));
  const length = Math.hypot(...normal);
  const reflected = (v: Float64Array): Float64Array => {
    const along = (2 * v.reduce((sum, x, i) => sum + x * normal[i]!, 0)) / length ** 2;
    return v.map((x, i) => x - along * normal[i]!);
  };
  const apply = (v: Float64Array) => reflected(diagonal(values).apply(reflected(v)));
  return { operator: { dimension: n, cost: 1, apply }, trace: values.reduce((a, b) => a + b) };
}

test('where eigenvalues decay, the trace is known far better than by as many samples of Hutchinson', () => {
  const { operator, trace } = decaying(300);
  const found = hutchPlusPlus(operator, { samples: 60, random: random(1) });
  const plain = hutchinson((v) => ({ a: operator.apply(v) }), { dimension: 300, samples: 60, random: random(1) }).a
    .trace;
  expect(Math.abs(found.value - trace)).toBeLessThan(4 * found.standardError);
  expect(found.standardError).toBeLessThan(plain.standardError / 10);
});

test('where they do not, the standard error is honest too', () => {
  const a = symmetric(100, 2);
  const errors = Array.from({ length: 40 }, (_, seed) => {
    const { value, standardError } = hutchPlusPlus(operator(a), { samples: 45, random: random(seed) });
    return (value - a.trace()) / standardError;
  });
  const spread = Math.sqrt(errors.reduce((sum, e) => sum + e ** 2, 0) / errors.length);
  expect(spread).toBeGreaterThan(0.6);
  expect(spread).toBeLessThan(1.6);
});

test('a matrix of low rank, and one smaller than its sketch, have exact traces', () => {
  const low = diagonal([5, -2, 3, ...Array(97).fill(0)]);
  expect(hutchPlusPlus(low, { samples: 18, random: random(1) }).value).toBeCloseTo(6, 10);
  const { value, standardError } = hutchPlusPlus(operator(symmetric(4, 1)), { samples: 30, random: random(1) });
  expect(value).toBeCloseTo(symmetric(4, 1).trace(), 10);
  expect(standardError).toBeLessThan(1e-10);
});

test('vectors are multiplied together where the operator offers that, to the same trace', () => {
  const one = decaying(100).operator;
  const calls: number[] = [];
  const several = {
    ...one,
    apply: () => expect.fail('one by one'),
    applyAll(vs: readonly Float64Array[]) {
      calls.push(vs.length);
      return vs.map(one.apply);
    },
  };
  const options = () => ({ samples: 36, random: random(3) });
  expect(hutchPlusPlus(several, options())).toEqual(hutchPlusPlus(one, options()));
  expect(calls).toEqual([8, 4, 8, 4, 8, 4]);
});

test.each([5, 6.5, NaN])('hutchPlusPlus refuses %s samples', (samples) => {
  expect(() => hutchPlusPlus(diagonal([1]), { samples, random: random(1) })).toThrow(
    `hutchPlusPlus: samples must be an integer of at least 6, got ${samples}`,
  );
});
