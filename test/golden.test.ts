import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { atOffset } from '../src/core/atOffset.js';
import type { Mode, Objective } from '../src/core/objective.js';
import { distance, type Expected, flat, type Golden, type GoldenName, golden, goldenNames } from './golden.js';

beforeAll(() => tf.setBackend('cpu'));

function withGolden(name: GoldenName, check: (g: Golden) => void): void {
  const g = golden(name);
  try {
    check(g);
  } finally {
    g.dispose();
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Runs `check` in every mode of which the numbers are known. */
function inEachMode({ objective, expected, training }: Golden, check: (o: Objective, e: Expected) => void): void {
  const modes: [Mode, Expected | undefined][] = [
    ['inference', expected],
    ['training', training],
  ];
  for (const [mode, numbers] of modes) if (numbers) tf.tidy(() => check(objective.withMode!(mode), numbers));
}

describe.each(goldenNames)('the golden network %s', (name) => {
  test('has the loss and the logits of JAX at float64', () =>
    withGolden(name, (g) =>
      inEachMode(g, ({ loss, outputs, outputLoss }, expected) => {
        expect(distance(flat([loss()]), [expected.loss])).toBeLessThan(1e-6);
        expect(distance(flat([outputLoss!(outputs!())]), [expected.loss])).toBeLessThan(1e-6);
        expect(distance(flat(outputs!()), expected.outputs)).toBeLessThan(2e-6);
      }),
    ));

  test('has the gradient of JAX at float64', () =>
    withGolden(name, (g) =>
      inEachMode(g, ({ loss, params }, expected) => {
        const { grads } = tf.variableGrads(loss, [...params]);
        expect(distance(flat(params.map((p) => grads[p.name]!)), expected.gradient)).toBeLessThan(2e-6);
      }),
    ));

  test('has hidden features with the singular values expected', () =>
    withGolden(name, (g) =>
      inEachMode(g, ({ features, layers }, expected) => {
        expect(Object.keys(expected.features)).toEqual(layers);
        for (const [i, phi] of features!(layers!).entries()) {
          const centred = tf.sub(phi, tf.mean(phi, 0));
          const squares = expected.features[layers![i]!]!.singularValues.map((s) => s * s);
          const variance = squares.reduce((a, b) => a + b);
          expect(distance(flat([tf.sum(tf.square(centred))]), [variance])).toBeLessThan(2e-6);
        }
      }),
    ));

  test('leaves no tensor and no variable when it is disposed of', () => {
    const before = tf.memory().numTensors;
    withGolden(name, (g) => expect(tf.memory().numTensors).toBeGreaterThan(before + g.objective.params.length));
    expect(tf.memory().numTensors).toBe(before);
  });
});

const smooth: GoldenName[] = [
  ...(['linear-softmax', 'mlp-tanh', 'mlp-gelu', 'conv-batch-norm', 'conv-separable', 'autoencoder'] as const),
  ...(['residual', 'lstm', 'attention'] as const),
];

test.each(smooth)(
  'the Hessian of the golden network %s times v is what central differences of its gradient say',
  (name) =>
    withGolden(name, (g) =>
      inEachMode(g, ({ loss, params }, { hessian }) => {
        const epsilon = 0.01 / Math.hypot(...g.v);
        const gradientAt = (step: number): number[] => {
          const moves = g.unflat(g.v.map((v) => step * v));
          const offset = Object.fromEntries(params.map((p, i) => [p.name, moves[i]!]));
          const { grads } = atOffset(params, offset, () => tf.variableGrads(loss, [...params]));
          return flat(params.map((p) => grads[p.name]!));
        };
        const [ahead, behind] = [gradientAt(epsilon), gradientAt(-epsilon)];
        const product = ahead.map((a, i) => (a - behind[i]!) / (2 * epsilon));
        expect(distance(product, hessian.product)).toBeLessThan(5e-4);
      }),
    ),
);

test('a golden linear model has no NME, and a golden ReLU network one without a trace', () => {
  withGolden('linear-softmax', ({ expected }) => expect(expected.nme.frobenius).toBeLessThan(1e-12));
  withGolden('mlp-relu', ({ expected }) => {
    expect(expected.nme.frobenius).toBeGreaterThan(0.1);
    expect(Math.abs(expected.nme.trace)).toBeLessThan(1e-12);
  });
});

test.each(goldenNames)('the Hessian of the golden network %s is the sum of its parts and of its eigenvalues', (name) =>
  withGolden(name, (g) =>
    inEachMode(g, (_, { hessian, gaussNewton, nme }) => {
      expect(hessian.trace).toBeCloseTo(gaussNewton.trace + nme.trace, 6);
      for (const { trace, frobenius, eigenvalues, blocks } of [hessian, gaussNewton, nme]) {
        expect(sum(eigenvalues)).toBeCloseTo(trace, 6);
        expect(sum(Object.values(blocks).map((block) => block.trace))).toBeCloseTo(trace, 6);
        expect(sum(eigenvalues.map((l) => l * l))).toBeCloseTo(frobenius ** 2, 6);
      }
      expect(
        distance(
          gaussNewton.product.map((p, i) => p + nme.product[i]!),
          hessian.product,
        ),
      ).toBeLessThan(1e-8);
    }),
  ),
);

test('the golden network conv-batch-norm differs between its modes', () => {
  const g = golden('conv-batch-norm');
  expect(g.training!.loss).not.toBeCloseTo(g.expected.loss, 2);
  g.dispose();
});

test('a golden network refuses a layer it does not have', () => {
  const g = golden('mlp-tanh');
  expect(() => g.objective.features!(['hidden9'])).toThrow('no layer hidden9');
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
