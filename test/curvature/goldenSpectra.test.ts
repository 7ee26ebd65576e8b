import { beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { type Curvature, curvatureOf } from '../../src/curvature/curvatureOf.js';
import { extremes } from '../../src/curvature/extremes.js';
import { hutchinson } from '../../src/curvature/hutchinson.js';
import { hutchPlusPlus } from '../../src/curvature/hutchPlusPlus.js';
import type { Operator } from '../../src/curvature/operator.js';
import { spectralDensity } from '../../src/curvature/spectralDensity.js';
import { topEigenpairs } from '../../src/curvature/topEigenpairs.js';
import { type Expected, type GoldenName, golden, goldenNames, type Matrix } from '../golden.js';
import { start } from './onBackends.js';

/** What float32 may leave of an eigenvalue or a trace, relative to ‖H‖_F. */
const ROUNDING = 5e-6;

function withParts(
  name: GoldenName,
  check: (operator: Operator, known: Matrix, scale: number, part: string) => void,
): void {
  const { objective, expected, dispose } = golden(name);
  const { hessian, parts, dispose: end } = curvatureOf(objective);
  try {
    const scale = expected.hessian.frobenius;
    check(hessian, expected.hessian, scale, 'hessian');
    check(parts!.gaussNewton, expected.gaussNewton, scale, 'gaussNewton');
    check(parts!.nme, expected.nme, scale, 'nme');
  } finally {
    end();
    dispose();
  }
}

/** The density of known eigenvalues, smoothed by σ. */
const smoothed = (known: readonly number[], at: number, sigma: number): number =>
  known.reduce((sum, value) => sum + Math.exp(-(((at - value) / sigma) ** 2) / 2), 0) /
  (known.length * sigma * Math.sqrt(2 * Math.PI));

/** What is left to chance depends on no backend, and the products are compared on each: here one will do. */
beforeAll(() => start('cpu'));

describe.each(goldenNames)('of H, G and NME of %s', (name) => {
  test('both ends of the spectrum are those of JAX', () =>
    withParts(name, (operator, { topEigenvalue, bottomEigenvalue }, scale, part) => {
      const { top, bottom } = extremes(operator, { random: random(1), tolerance: 1e-4, maxProducts: 200 });
      expect(top.converged && bottom.converged, part).toBe(true);
      expect(Math.abs(top.value - topEigenvalue), part).toBeLessThan(ROUNDING * scale + top.residual);
      expect(Math.abs(bottom.value - bottomEigenvalue), part).toBeLessThan(ROUNDING * scale + bottom.residual);
    }));

  test('the five largest eigenvalues are those of JAX', () =>
    withParts(name, (operator, { eigenvalues }, scale, part) => {
      const found = topEigenpairs(operator, 5, { random: random(2), tolerance: 1e-4, maxProducts: 200 });
      const wanted = eigenvalues.slice(-5).reverse();
      found.forEach(({ value, residual, converged }, i) => {
        expect(converged, part).toBe(true);
        expect(Math.abs(value - wanted[i]!), `${part} ${i}`).toBeLessThan(ROUNDING * scale + residual);
      });
    }));

  test('Hutch++ finds the trace of JAX within 4 standard errors', () =>
    withParts(name, (operator, { trace }, scale, part) => {
      const found = hutchPlusPlus(operator, { samples: 60, random: random(4) });
      expect(Math.abs(found.value - trace), part).toBeLessThan(4 * found.standardError + ROUNDING * scale);
    }));

  test('the block of each parameter has the trace and the largest eigenvalue of JAX', () => {
    const { objective, expected, dispose } = golden(name);
    objective.params.forEach((param, i) => {
      const curvature = curvatureOf(objective, { only: (name) => name === param.name });
      checkBlock(curvature, expected, Object.keys(expected.hessian.blocks)[i]!);
      curvature.dispose();
    });
    dispose();
  });
});

test.each<GoldenName>(['regression', 'autoencoder', 'conv-separable'])(
  'the spectral densities of H, G and NME of %s are those of the eigenvalues of JAX, within 5 standard errors and 1 %%',
  (name) =>
    withParts(name, (operator, { eigenvalues, trace }, scale, part) => {
      const found = spectralDensity(operator, { steps: 30, draws: 20, random: random(3) });
      const exact = found.grid.map((at) => smoothed(eigenvalues, at, found.sigma));
      const slack = 0.01 * Math.max(...exact);
      exact.forEach((density, i) => {
        const off = Math.abs(found.density[i]! - density);
        expect(off, `${part} at ${found.grid[i]}`).toBeLessThan(5 * found.standardErrors[i]! + slack);
      });
      const off = Math.abs(found.mean.value - trace / operator.dimension);
      expect(off, part).toBeLessThan(4 * found.mean.standardError + ROUNDING * scale);
    }),
);

function checkBlock({ dimension, parts }: Curvature, expected: Expected, key: string): void {
  const exact = hutchinson(parts!.split.apply, { dimension, samples: 'exact', random: random(5) });
  const scale = expected.hessian.frobenius;
  for (const part of ['hessian', 'gaussNewton', 'nme'] as const) {
    const { trace } = expected[part].blocks[key]!;
    expect(Math.abs(exact[part].trace.value - trace), `${part} of ${key}`).toBeLessThan(ROUNDING * scale);
  }
  const { value, error } = topEigenpairs(parts!.gaussNewton, 1, { random: random(6), tolerance: 1e-4 })[0]!;
  expect(Math.abs(value - expected.gaussNewton.blocks[key]!.topEigenvalue), key).toBeLessThan(ROUNDING * scale + error);
}
