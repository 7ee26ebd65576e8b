import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import type { Gradient, GradientFn } from '../../src/core/objective.js';
import { gsam } from '../../src/interventions/gsam.js';
import { lookSam } from '../../src/interventions/lookSam.js';
import { sam } from '../../src/interventions/sam.js';
import { numbers } from '../conformance/objectiveOf.js';
import { distance, flat, type Golden, golden } from '../golden.js';
import { samFamily, samFamilyNames } from '../reference/samFamily.js';
import { reported } from './reported.js';

beforeAll(() => tf.setBackend('cpu'));

describe.each(samFamilyNames)('on the network %s, in JAX at float64,', (name) => {
  const { rho, ...expected } = samFamily[name];
  let network: Golden;
  beforeEach(() => {
    tf.engine().startScope();
    network = golden(name);
  });
  afterEach(() => {
    network.dispose();
    tf.engine().endScope();
  });

  const gradientOf = ({ grads }: Gradient): number[] => flat(network.objective.params.map((p) => grads[p.name]!));
  const check = (result: Gradient, gradient: readonly number[]): void =>
    expect(distance(gradientOf(result), gradient)).toBeLessThan(1e-5);

  test('sam in groups gives the mean of what each group gives by itself', () => {
    const { m, gradient: mean } = expected.groups;
    check(sam({ rho, m })(gradient)(network.objective), mean);
  });

  test('sam on a fraction ascends the first examples and descends all', () => {
    const { fraction, loss, gradient: descent } = expected.fraction;
    const result = sam({ rho, ascentFraction: fraction })(gradient)(network.objective);
    check(result, descent);
    expect(numbers(result.loss)[0]).toBeCloseTo(loss, 5);
  });

  test('sam of kernels alone moves these by ρ, and gives the gradient of all', () => {
    const result = sam({ rho, only: ({ rank }) => rank > 1 })(gradient)(network.objective);
    check(result, expected.kernels.gradient);
    expect(reported(result, 'sam.ascent_norm') / rho).toBeCloseTo(1, 6);
  });

  test('gsam takes off what of g is orthogonal to the gradient at w + ε̂', () => {
    const { alpha, orthogonalNorm, gradient: descent } = expected.gsam;
    const result = gsam({ rho, alpha })(gradient)(network.objective);
    check(result, descent);
    expect(reported(result, 'sam.orthogonal_norm') / orthogonalNorm).toBeCloseTo(1, 4);
  });

  test('lookSam reuses what an ascent has found, a step of gradient descent later', () => {
    const { alpha, learningRate, orthogonalNorm, reusedNorm, gradients } = expected.lookSam;
    const { objective } = network;
    const step: GradientFn = lookSam({ rho, alpha })(gradient);
    const first = step(objective);
    check(first, gradients[0]!);
    expect(reported(first, 'sam.orthogonal_norm') / orthogonalNorm).toBeCloseTo(1, 4);
    for (const w of objective.params) w.assign(tf.sub(w, tf.mul(learningRate, first.grads[w.name]!)));
    const second = step({ ...objective, step: 1 });
    check(second, gradients[1]!);
    expect(reported(second, 'sam.reused_norm') / reusedNorm).toBeCloseTo(1, 4);
    step.dispose!();
  });
});
