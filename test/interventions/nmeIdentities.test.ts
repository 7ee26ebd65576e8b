import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { withoutSecondDerivative } from '../../src/activations/withoutSecondDerivative.js';
import { gradient } from '../../src/core/gradient.js';
import type { Objective } from '../../src/core/objective.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import type { Operator } from '../../src/curvature/spectrum/operator.js';
import { gradientPenalty } from '../../src/interventions/gradientPenalty.js';
import { sam } from '../../src/interventions/sam.js';
import { weightNoise } from '../../src/interventions/weightNoise.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { distance, flat, golden } from '../golden.js';
import { seededOnCpu } from './seededOnCpu.js';

/** What holds exactly of H = G + NME, and of the interventions that it explains: Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809. */

seededOnCpu();

/** The matrices of an objective of two parameters, row by row. */
function matrices(objective: Objective) {
  const { parts, dispose } = curvatureOf(objective);
  const columns = [[1, 0], [0, 1]].map((v) => parts!.split.apply(Float64Array.from(v))); // biome-ignore format: a matrix
  dispose();
  const of = (part: 'hessian' | 'gaussNewton' | 'nme') => columns.flatMap((column) => [...column[part]]);
  return { hessian: of('hessian'), gaussNewton: of('gaussNewton'), nme: of('nme') };
}

/** L = ½(abx − y)². */
function product(a: number, b: number, x: number, y: number): Objective {
  const params = [a, b].map((value) => tf.variable(tf.scalar(value)));
  const outputs = () => [tf.mul(tf.mul(params[0]!, params[1]!), x)];
  const outputLoss = ([z]: readonly tf.Tensor[]) => tf.mul<tf.Scalar>(0.5, tf.square(tf.sub(z!, y)));
  return { ...objectiveOf(params, () => outputLoss(outputs())), outputs, outputLoss };
}

test('of ½(abx − y)², G is x² [[b², ab], [ab, a²]] with eigenvalues 0 and 8.72, NME (abx − y) x [[0, 1], [1, 0]] with ∓4.64', () => {
  const [a, b, x, y] = [0.7, -1.3, 2, 0.5];
  const { hessian, gaussNewton, nme } = matrices(product(a, b, x, y));
  const beside = (a * b * x - y) * x;
  const g = [b * b, a * b, a * b, a * a].map((value) => x * x * value);
  expect(distance(gaussNewton, g)).toBeLessThan(1e-6);
  expect(distance(nme, [0, beside, beside, 0])).toBeLessThan(1e-6);
  expect(distance(hessian, [g[0]!, g[1]! + beside, g[2]! + beside, g[3]!])).toBeLessThan(1e-6);
  expect([gaussNewton[0]! + gaussNewton[3]!, Math.abs(nme[1]!)].map((value) => value.toFixed(2))).toEqual([
    '8.72',
    '4.64',
  ]);
});

test('NME vanishes where the outputs are the targets', () => {
  const { hessian, gaussNewton, nme } = matrices(product(0.5, -1.5, 2, -1.5));
  expect(nme.map(Math.abs)).toEqual([0, 0, 0, 0]);
  expect(hessian).toEqual(gaussNewton);
});

test('at interpolation the curvature of a network under a squared error is G alone, for a gradient penalty too', () => {
  const { objective, v, dispose } = golden('regression');
  const { x } = objective.batch as { x: tf.Tensor };
  const [y] = objective.outputs!();
  const there = objective.withBatch!({ x, y: y! });
  const { parts, dispose: free } = curvatureOf(there);
  const { hessian, gaussNewton, nme } = parts!.split.apply(Float64Array.from(v));
  expect([...nme].map(Math.abs)).toEqual(v.map(() => 0));
  expect([...hessian]).toEqual([...gaussNewton]);
  expect(Math.max(...gaussNewton.map(Math.abs))).toBeGreaterThan(0.1);
  free();
  dispose();
});

test('of a linear model under a squared error H is 2 XᵀX / n, and NME is 0', () => {
  const rows = [[1, 2], [-0.5, 3], [2, -1], [0.25, 0.5]]; // biome-ignore format: a matrix
  const [w, x] = [tf.variable(tf.tensor2d([[0.3], [-0.7]])), tf.tensor2d(rows)];
  const outputs = () => [tf.matMul(x, w as tf.Tensor2D)];
  const outputLoss = ([z]: readonly tf.Tensor[]) => tf.mean(tf.square(tf.sub(z!, 1))) as tf.Scalar;
  const { hessian, gaussNewton, nme } = matrices({
    ...objectiveOf([w], () => outputLoss(outputs())),
    outputs,
    outputLoss,
  });
  const inner = (i: number, k: number): number =>
    rows.reduce((sum, row) => sum + (2 * row[i]! * row[k]!) / rows.length, 0);
  const expected = [inner(0, 0), inner(0, 1), inner(1, 0), inner(1, 1)];
  expect(distance(hessian, expected)).toBeLessThan(1e-6);
  expect(distance(gaussNewton, expected)).toBeLessThan(1e-6);
  expect(nme.map(Math.abs)).toEqual([0, 0, 0, 0]);
});

describe('of a stack of layers', () => {
  /** Unit vector by unit vector, each operator by itself. */
  function traces(objective: Objective) {
    const { hessian, parts, dimension, dispose } = curvatureOf(objective);
    const of = ({ apply }: Operator): number =>
      Array.from({ length: dimension }, (_, i) => {
        const unit = new Float64Array(dimension);
        unit[i] = 1;
        return apply(unit)[i]!;
      }).reduce((a, b) => a + b);
    const found = { hessian: of(hessian), gaussNewton: of(parts!.gaussNewton), nme: of(parts!.nme) };
    dispose();
    return found;
  }

  test('tr H = tr G + tr NME, and the activations alone make tr NME', () => {
    const { objective, dispose } = golden('mlp-gelu');
    const { hessian, gaussNewton, nme } = traces(objective);
    expect(Math.abs(hessian - gaussNewton - nme)).toBeLessThan(1e-6 * Math.abs(hessian));
    expect(Math.abs(nme)).toBeGreaterThan(0.01 * Math.abs(hessian));
    const flattened = objective.withActivations!(withoutSecondDerivative, () => traces(objective));
    expect(Math.abs(flattened.nme)).toBeLessThan(1e-6 * gaussNewton);
    expect(Math.abs(flattened.hessian - gaussNewton)).toBeLessThan(1e-6 * gaussNewton);
    dispose();
  });

  test('with ReLU tr NME is 0, and NME is not', () => {
    const { objective, v, dispose } = golden('mlp-relu');
    const { hessian, gaussNewton, nme } = traces(objective);
    expect(Math.abs(nme)).toBeLessThan(1e-6 * gaussNewton);
    expect(Math.abs(hessian - gaussNewton)).toBeLessThan(1e-6 * gaussNewton);
    const { parts, dispose: free } = curvatureOf(objective);
    expect(Math.hypot(...parts!.nme.apply(Float64Array.from(v)))).toBeGreaterThan(0.01);
    free();
    dispose();
  });
});

test('SAM and the gradient penalty differ by ρ²: half the radius, a quarter of the difference', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const difference = (rho: number): number => {
    const [there, penalised] = [sam({ rho }), gradientPenalty(rho)].map((intervention) => {
      const { grads } = intervention(gradient)(objective);
      return flat(objective.params.map(({ name }) => grads[name]!));
    });
    return Math.hypot(...there!.map((g, i) => g - penalised![i]!));
  };
  const [whole, half] = [difference(0.1), difference(0.05)];
  expect(whole / half).toBeGreaterThan(3.6);
  expect(whole / half).toBeLessThan(4.4);
  dispose();
});

test('under weight noise the loss of a smooth network is on average L + (σ²/2) tr H, and not that with tr G', () => {
  const { objective, expected, dispose } = golden('mlp-tanh');
  const sigma = 0.02;
  const weights = (): number[] => flat([...objective.params]);
  const before = weights();
  let rise = 0;
  // What the noise does to first order is 0 on average, and taken off, for it is most of what varies.
  const step = weightNoise({ stddev: sigma })(({ loss }) => {
    const slope = weights().reduce((sum, w, i) => sum + (w - before[i]!) * expected.gradient[i]!, 0);
    const noisy = loss();
    rise = numbers(noisy)[0]! - expected.loss - slope;
    return { loss: noisy, grads: {} };
  });
  const rises = Array.from({ length: 600 }, (_, i) => {
    tf.tidy(() => void step({ ...objective, step: i }));
    return rise;
  });
  const mean = rises.reduce((a, b) => a + b) / rises.length;
  const error = Math.sqrt(rises.reduce((sum, r) => sum + (r - mean) ** 2, 0)) / rises.length;
  const away = (trace: number): number => Math.abs(mean - (sigma ** 2 / 2) * trace) / error;
  expect(away(expected.hessian.trace)).toBeLessThan(4);
  expect(away(expected.gaussNewton.trace)).toBeGreaterThan(4);
  dispose();
});
