import { Matrix } from 'ml-matrix';
import { beforeAll, describe, expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { type Curvature, curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { extremes } from '../../../src/curvature/spectrum/extremes.js';
import { hutchinson } from '../../../src/curvature/spectrum/hutchinson.js';
import { hutchPlusPlus } from '../../../src/curvature/spectrum/hutchPlusPlus.js';
import type { Operator } from '../../../src/curvature/spectrum/operator.js';
import { spectralDensity } from '../../../src/curvature/spectrum/spectralDensity.js';
import { topEigenpairs } from '../../../src/curvature/spectrum/topEigenpairs.js';
import { type Expected, type GoldenName, golden, goldenNames, type Matrix as Known } from '../../golden.js';
import { operator } from '../matrices.js';
import { start } from '../onBackends.js';

/** What float32 may leave of an eigenvalue or a trace, relative to ‖H‖_F. */
const ROUNDING = 5e-6;

const PARTS = ['hessian', 'gaussNewton', 'nme'] as const;

type Part = 'hessian' | 'gaussNewton' | 'nme';

/**
 * H, G and NME of a network as matrices, made of the products with every unit vector: searches and estimates then cost
 * nothing. What is left to chance depends on no backend, so here one will do; goldenCurvature.test.ts compares products.
 */
const matricesOf = once((name: GoldenName): Readonly<Record<Part, Operator>> => {
  const { objective, dispose } = golden(name);
  const { dimension, parts, dispose: end } = curvatureOf(objective);
  const columns: Record<Part, Float64Array[]> = { hessian: [], gaussNewton: [], nme: [] };
  for (let i = 0; i < dimension; i++) {
    const products = parts!.split.apply(new Float64Array(dimension).fill(1, i, i + 1));
    for (const part of PARTS) columns[part].push(products[part]);
  }
  end();
  dispose();
  const matrix = (part: Part): Operator => operator(new Matrix(columns[part].map((column) => [...column])));
  return { hessian: matrix('hessian'), gaussNewton: matrix('gaussNewton'), nme: matrix('nme') };
});

function once<K, V>(make: (key: K) => V): (key: K) => V {
  const made = new Map<K, V>();
  return (key) => made.get(key) ?? made.set(key, make(key)).get(key)!;
}

function forParts(name: GoldenName, check: (a: Operator, known: Known, rounding: number, part: Part) => void): void {
  const { expected, dispose } = golden(name);
  dispose();
  const matrices = matricesOf(name);
  for (const part of PARTS) check(matrices[part], expected[part], ROUNDING * expected.hessian.frobenius, part);
}

/** The density of known eigenvalues, smoothed by σ. */
const smoothed = (known: readonly number[], at: number, sigma: number): number =>
  known.reduce((sum, value) => sum + Math.exp(-(((at - value) / sigma) ** 2) / 2), 0) /
  (known.length * sigma * Math.sqrt(2 * Math.PI));

beforeAll(() => start('cpu'));

describe.each(goldenNames)('of H, G and NME of %s', (name) => {
  test('both ends of the spectrum are those of JAX', () =>
    forParts(name, (a, { topEigenvalue, bottomEigenvalue }, rounding, part) => {
      const { top, bottom } = extremes(a, { random: random(1), tolerance: 1e-4, maxProducts: 200 });
      expect(top.converged && bottom.converged, part).toBe(true);
      expect(Math.abs(top.value - topEigenvalue), part).toBeLessThan(rounding + top.residual);
      expect(Math.abs(bottom.value - bottomEigenvalue), part).toBeLessThan(rounding + bottom.residual);
    }));

  test('the five largest eigenvalues are those of JAX', () =>
    forParts(name, (a, { eigenvalues }, rounding, part) => {
      const found = topEigenpairs(a, 5, { random: random(2), tolerance: 1e-4, maxProducts: 200 });
      const wanted = eigenvalues.slice(-5).reverse();
      found.forEach(({ value, residual, converged }, i) => {
        expect(converged, part).toBe(true);
        expect(Math.abs(value - wanted[i]!), `${part} ${i}`).toBeLessThan(rounding + residual);
      });
    }));

  test('the spectral density is that of the eigenvalues of JAX, within 5 standard errors and 1 % of its peak', () =>
    forParts(name, (a, { eigenvalues, trace }, rounding, part) => {
      const found = spectralDensity(a, { steps: 40, draws: 30, random: random(3) });
      const exact = found.grid.map((at) => smoothed(eigenvalues, at, found.sigma));
      const slack = 0.01 * Math.max(...exact);
      exact.forEach((density, i) => {
        const off = Math.abs(found.density[i]! - density);
        expect(off, `${part} at ${found.grid[i]}`).toBeLessThan(5 * found.standardErrors[i]! + slack);
      });
      const off = Math.abs(found.mean.value - trace / a.dimension);
      expect(off, part).toBeLessThan(4 * found.mean.standardError + rounding);
    }));

  test('Hutch++ finds the trace of JAX within 4 standard errors', () =>
    forParts(name, (a, { trace }, rounding, part) => {
      const found = hutchPlusPlus(a, { samples: 60, random: random(4) });
      expect(Math.abs(found.value - trace), part).toBeLessThan(4 * found.standardError + rounding);
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
