import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { hutchinson } from '../../src/curvature/hutchinson.js';

/** [[2, −1, 0], [−1, 5, 3], [0, 3, −4]] and its diagonal: trace 3, norms √65 and √45. */
const full = (v: Float64Array) =>
  Float64Array.of(2 * v[0]! - v[1]!, -v[0]! + 5 * v[1]! + 3 * v[2]!, 3 * v[1]! - 4 * v[2]!);
const diagonal = (v: Float64Array) => Float64Array.of(2 * v[0]!, 5 * v[1]!, -4 * v[2]!);
const products = (v: Float64Array) => ({ full: full(v), diagonal: diagonal(v), zero: new Float64Array(3) });

test('with unit vectors, trace and Frobenius norm are exact, with no standard error', () => {
  const { full, diagonal, zero } = hutchinson(products, { dimension: 3, samples: 'exact', random: random(1) });
  expect(full.trace).toEqual({ value: 3, standardError: 0 });
  expect(full.norm.value).toBeCloseTo(Math.sqrt(65), 12);
  expect(diagonal.norm).toEqual({ value: Math.sqrt(45), standardError: 0 });
  expect(zero).toEqual({ trace: { value: 0, standardError: 0 }, norm: { value: 0, standardError: 0 } });
});

test('directions of signs see a diagonal matrix exactly, its norm too', () => {
  const { diagonal } = hutchinson(products, { dimension: 3, samples: 2, random: random(1) });
  expect(diagonal.trace).toEqual({ value: 3, standardError: 0 });
  expect(diagonal.norm.value).toBeCloseTo(Math.sqrt(45), 12);
});

test('estimates lie within 4 of their standard errors, which are those of the distribution', () => {
  const samples = 2000;
  const { trace, norm } = hutchinson(products, { dimension: 3, samples, random: random(1) }).full;
  expect(Math.abs(trace.value - 3)).toBeLessThan(4 * trace.standardError);
  expect(Math.abs(norm.value - Math.sqrt(65))).toBeLessThan(4 * norm.standardError);
  // Var vᵀAv = 2 Σ_{i≠j} a_ij² = 40.
  expect(trace.standardError).toBeCloseTo(Math.sqrt(40 / samples), 2);
  // ‖Av‖² = 65 + 2 Σ_{i<j} (A²)_ij v_i v_j with (A²) = −7, −3, 3 beside the diagonal: variance 4 · 67.
  expect(norm.standardError).toBeCloseTo(Math.sqrt((4 * 67) / samples) / (2 * Math.sqrt(65)), 3);
});

test.each([1, 0, 2.5, NaN])('hutchinson refuses %s samples', (samples) => {
  expect(() => hutchinson(products, { dimension: 3, samples, random: random(1) })).toThrow(
    `hutchinson: samples must be an integer of at least 2, or 'exact', got ${samples}`,
  );
});
