import { expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { hutchinson } from '../../../src/curvature/spectrum/hutchinson.js';
import { addScaled } from '../../../src/curvature/spectrum/weightSpace.js';
import { dot } from '../../../src/linalg/dot.js';
import { operator, symmetric } from '../matrices.js';

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
  expect(zero).toMatchObject({ trace: { value: 0, standardError: 0 }, norm: { value: 0, standardError: 0 } });
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

test('directions cut into pieces see nothing of what lies between the pieces', () => {
  const estimate = (...cuts: number[]) =>
    hutchinson(products, { dimension: 3, samples: 2000, cuts, random: random(1) }).full;
  // Left is 3 beside the diagonal: Var vᵀAv = 2 · 2 · 3².
  expect(estimate(1).trace.standardError).toBeCloseTo(Math.sqrt(36 / 2000), 2);
  expect(Math.abs(estimate(1).norm.value - Math.sqrt(65))).toBeLessThan(4 * estimate(1).norm.standardError);
  expect(estimate(1, 2).trace).toEqual({ value: 3, standardError: 0 });
  expect(estimate(2, 1, 0, 3).norm.value).toBeCloseTo(Math.sqrt(65), 12);
});

test('deflated by the eigenvectors that matter, only the rest is left to chance', () => {
  // 1000 q qᵀ + B, of trace 1000 and as much as that of B.
  const n = 200;
  const q = new Float64Array(n).fill(1 / Math.sqrt(n));
  const b = symmetric(n, 3);
  const apply = (v: Float64Array) => {
    const image = operator(b).apply(v);
    addScaled(image, 1000 * dot(q, v), q);
    return image;
  };
  const estimate = (deflate: Float64Array[]) =>
    hutchinson((v) => ({ a: apply(v) }), { dimension: n, samples: 20, deflate, random: random(5) }).a;
  const { trace, norm } = estimate([q]);
  expect(trace.standardError).toBeLessThan(estimate([]).trace.standardError / 5);
  expect(Math.abs(trace.value - 1000 - b.trace())).toBeLessThan(4 * trace.standardError);
  const frobenius = Math.sqrt(1000 ** 2 + 2000 * dot(q, operator(b).apply(q)) + b.norm() ** 2);
  expect(Math.abs(norm.value - frobenius)).toBeLessThan(4 * norm.standardError);
});

test('with a standard error to reach, samples are drawn until it is reached, or the most are', () => {
  const drawn = (standardError: number) =>
    hutchinson(products, { dimension: 3, samples: 500, standardError, random: random(1) });
  const { full, zero } = drawn(0.2);
  expect(full.samples).toBeGreaterThan(6);
  expect(full.samples).toBeLessThan(500);
  expect(full.trace.standardError).toBeLessThanOrEqual(0.2 * Math.max(Math.abs(full.trace.value), 3));
  expect(zero.samples).toBe(full.samples);
  expect(drawn(1e-9).full.samples).toBe(500);
  const exact = (v: Float64Array) => ({ diagonal: diagonal(v) });
  const { samples } = hutchinson(exact, { dimension: 3, samples: 99, standardError: 0.1, random: random(1) }).diagonal;
  expect(samples).toBe(6);
});

test.each([0, -1, NaN, Infinity])('hutchinson refuses a standard error of %s', (standardError) => {
  expect(() => hutchinson(products, { dimension: 3, samples: 9, standardError, random: random(1) })).toThrow(
    `hutchinson: standardError must be positive and finite, got ${standardError}`,
  );
});

test.each([1, 0, 2.5, NaN])('hutchinson refuses %s samples', (samples) => {
  expect(() => hutchinson(products, { dimension: 3, samples, random: random(1) })).toThrow(
    `hutchinson: samples must be an integer of at least 2, or 'exact', got ${samples}`,
  );
});

test.each([-1, 1.5, 4])('hutchinson refuses a cut at %s of 3', (cut) => {
  expect(() => hutchinson(products, { dimension: 3, samples: 2, cuts: [cut], random: random(1) })).toThrow(
    `hutchinson: cuts must be integers from 0 to the dimension 3, got ${cut}`,
  );
});
