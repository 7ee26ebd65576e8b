import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Mode, Objective } from '../src/core/types.js';
import { type Expected, flat, type Golden, golden, goldenNames } from './golden.js';

beforeAll(() => tf.setBackend('cpu'));

/** Largest difference, relative to the largest number expected. */
function error(actual: readonly number[], expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...actual.map((a, i) => Math.abs(a - expected[i]!))) / scale;
}

/** Runs `check` in every mode of which the numbers are known. */
function inEachMode({ objective, expected, training }: Golden, check: (o: Objective, e: Expected) => void): void {
  const modes: [Mode, Expected | undefined][] = [
    ['inference', expected],
    ['training', training],
  ];
  for (const [mode, numbers] of modes) if (numbers) tf.tidy(() => check(objective.withMode!(mode), numbers));
}

describe.each(goldenNames)('the golden network %s', (name) => {
  const withGolden = (f: (g: Golden) => void): void => {
    const g = golden(name);
    try {
      f(g);
    } finally {
      g.dispose();
    }
  };

  test('has the loss and the logits of JAX at float64', () =>
    withGolden((g) =>
      inEachMode(g, ({ loss, outputs, outputLoss }, expected) => {
        expect(error(flat([loss()]), [expected.loss])).toBeLessThan(1e-6);
        expect(error(flat([outputLoss!(outputs!())]), [expected.loss])).toBeLessThan(1e-6);
        expect(error(flat(outputs!()), expected.outputs)).toBeLessThan(2e-6);
      }),
    ));

  test('has the gradient of JAX at float64', () =>
    withGolden((g) =>
      inEachMode(g, ({ loss, params }, expected) => {
        const { grads } = tf.variableGrads(loss, [...params]);
        expect(error(flat(params.map((p) => grads[p.name]!)), expected.gradient)).toBeLessThan(2e-6);
      }),
    ));

  test('has hidden features with the singular values expected', () =>
    withGolden((g) =>
      inEachMode(g, ({ features, layers }, expected) => {
        expect(Object.keys(expected.features)).toEqual(layers);
        for (const layer of layers!) {
          const phi = features!(layer);
          const centred = tf.sub(phi, tf.mean(phi, 0));
          const squares = expected.features[layer]!.singularValues.map((s) => s * s);
          const variance = squares.reduce((a, b) => a + b);
          expect(error(flat([tf.sum(tf.square(centred))]), [variance])).toBeLessThan(2e-6);
        }
      }),
    ));

  test('leaves no tensor and no variable when it is disposed of', () => {
    const before = tf.memory().numTensors;
    withGolden((g) => expect(tf.memory().numTensors).toBeGreaterThan(before + g.objective.params.length));
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('the golden network conv-batch-norm differs between its modes', () => {
  const g = golden('conv-batch-norm');
  expect(g.training!.loss).not.toBeCloseTo(g.expected.loss, 2);
  g.dispose();
});

test('a golden network refuses a layer it does not have', () => {
  const g = golden('mlp-tanh');
  expect(() => g.objective.features!('hidden9')).toThrow('no layer hidden9');
  g.dispose();
});

test('unflat cuts a flat vector along the parameters and flat joins it again', () => {
  const g = golden('mlp-tanh');
  const parts = g.unflat(g.v);
  expect(parts.map((p) => p.shape)).toEqual(g.objective.params.map((p) => p.shape));
  expect(flat(parts)).toEqual(g.v);
  tf.dispose(parts);
  g.dispose();
});
