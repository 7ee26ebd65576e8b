import { describe, expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { type SpectralDensity, spectralDensity } from '../../../src/curvature/spectrum/spectralDensity.js';
import { golden } from '../../golden.js';
import { diagonal, eigenvalues, operator, symmetric } from '../matrices.js';
import { onBackends } from '../onBackends.js';

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

const integral = ({ grid, density }: SpectralDensity): number => sum(density) * (grid[1]! - grid[0]!);

/** The density of known eigenvalues, smoothed. */
const smoothed = (known: readonly number[], at: number, sigma: number): number =>
  sum(known.map((value) => Math.exp(-((at - value) ** 2) / (2 * sigma ** 2)))) /
  (known.length * sigma * Math.sqrt(2 * Math.PI));

/** How far the density is off at most, in standard errors, where `slack` of its peak is granted besides. */
function worst(found: SpectralDensity, known: readonly number[], slack: number): number {
  const exact = found.grid.map((at) => smoothed(known, at, found.sigma));
  const peak = Math.max(...exact);
  return Math.max(
    ...exact.map((y, i) => (Math.abs(found.density[i]! - y) - slack * peak) / (found.standardErrors[i]! || Infinity)),
  );
}

test('with as many steps as dimensions the nodes are the eigenvalues', () => {
  const found = spectralDensity(diagonal([-3, 1, 4, 10]), { steps: 9, draws: 2, random: random(1) });
  const nodes = found.nodes.slice(0, 4);
  [10, 4, 1, -3].forEach((value, i) => {
    expect(nodes[i]).toBeCloseTo(value, 10);
  });
  // Signs weigh the unit vectors alike.
  for (const weight of found.weights) expect(weight).toBeCloseTo(1 / 8, 10);
  expect(found.mean.value).toBeCloseTo(3, 12);
  expect(found.mean.standardError).toBeLessThan(1e-12);
  expect(found.products).toBe(8);
});

test('it integrates to one, its weights sum to one, and its mean is trace / n', () => {
  const a = symmetric(150, 1);
  const found = spectralDensity(operator(a), { steps: 20, draws: 6, random: random(2) });
  expect(integral(found)).toBeCloseTo(1, 8);
  expect(sum(found.weights)).toBeCloseTo(1, 12);
  expect(Math.abs(found.mean.value - a.trace() / 150)).toBeLessThan(4 * found.mean.standardError);
  const first = sum(found.nodes.map((node, i) => node * found.weights[i]!));
  expect(first).toBeCloseTo(found.mean.value, 10);
});

test('a random symmetric matrix has the semicircle of Wigner', () => {
  const n = 400;
  const a = symmetric(n, 4);
  // Entries beside the diagonal are sums of two uniform numbers, of variance 1/6.
  const radius = 2 * Math.sqrt(n / 6);
  const found = spectralDensity(operator(a), { steps: 20, draws: 20, sigma: radius / 5, random: random(3) });
  const semicircle = (x: number) => (2 / (Math.PI * radius ** 2)) * Math.sqrt(Math.max(0, radius ** 2 - x ** 2));
  // Smoothing takes some 0.02 from it, and chance 0.02 more or less.
  for (const [i, at] of found.grid.entries()) {
    if (Math.abs(at) < radius / 2) {
      expect(Math.abs(found.density[i]! - semicircle(at)) * radius).toBeLessThan(0.1);
    }
  }
  expect(worst(found, eigenvalues(a), 0.01)).toBeLessThan(5);
});

test('one eigenvalue for all, zero too, is a single peak of weight one', () => {
  for (const value of [2, 0]) {
    const found = spectralDensity(diagonal(Array(50).fill(value)), { random: random(1) });
    expect(found.nodes).toHaveLength(4);
    expect(integral(found)).toBeCloseTo(1, 8);
    for (const node of found.nodes) expect(node).toBeCloseTo(value, 12);
    expect(found.grid[found.density.indexOf(Math.max(...found.density))]).toBeCloseTo(value, 10);
  }
});

onBackends(() => {
  describe.each(['mlp-tanh', 'conv-max-pool'] as const)('the Hessian of %s', (name) => {
    test('has the density of the eigenvalues of JAX', () => {
      const { objective, expected, dispose } = golden(name);
      const curvature = curvatureOf(objective);
      const found = spectralDensity(curvature.hessian, { steps: 40, draws: 10, random: random(3) });
      expect(worst(found, expected.hessian.eigenvalues, 0.02)).toBeLessThan(5);
      expect(integral(found)).toBeCloseTo(1, 6);
      const mean = expected.hessian.trace / curvature.dimension;
      expect(Math.abs(found.mean.value - mean)).toBeLessThan(4 * found.mean.standardError);
      curvature.dispose();
      dispose();
    });
  });
});

test.each([
  [{ steps: 0 }, 'steps must be a positive integer, got 0'],
  [{ draws: 1 }, 'draws must be an integer of at least 2, got 1'],
  [{ sigma: -1 }, 'sigma must be positive and finite, got -1'],
  [{ sigma: 1e-5 }, 'sigma must be at least 1/1000 of the range'],
])('spectralDensity refuses %o', (options, message) => {
  expect(() => spectralDensity(diagonal([1, 2, 3]), { random: random(1), ...options })).toThrow(message);
});
