import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { betaGelu } from '../../src/activations/betaGelu.js';
import { flatGelu } from '../../src/activations/flatGelu.js';
import { replaceableActivations } from '../../src/activations/replaceableActivations.js';
import type { Elementwise, Objective } from '../../src/core/objective.js';
import {
  type SecondDerivativeDensityOptions,
  secondDerivativeDensity,
} from '../../src/metrics/secondDerivativeDensity.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { onBackends } from '../curvature/onBackends.js';
import { flat } from '../golden.js';

const NAME = 'activation.second_derivative_density';

testProbe({
  name: 'secondDerivativeDensity',
  make: (conditions) => secondDerivativeDensity({ threshold: 0.25, ...conditions }),
  networks: ['mlp-tanh'],
  // φ″ of y = tanh h is −2 y (1 − y²).
  expected: ({ objective }) =>
    ['hidden1', 'hidden2'].map((layer) => {
      const features = tf.tidy(() => flat(objective.features!([layer])));
      const value = features.filter((y) => Math.abs(2 * y * (1 - y * y)) > 0.25).length / features.length;
      return { name: NAME, value, attributes: { layer, threshold: 0.25 } };
    }),
  tolerance: 1e-9,
});

testProbe({
  name: 'secondDerivativeDensity of ReLU',
  make: (conditions) => secondDerivativeDensity({ layers: ['conv'], ...conditions }),
  networks: ['conv-max-pool'],
  expected: () => [{ name: NAME, value: 0, attributes: { layer: 'conv', threshold: 1e-3 } }],
  tolerance: 1e-9,
  conditional: false,
});

/** A loop whose layers apply activations to the same numbers. */
function loop(byLayer: Record<string, Elementwise>, h: tf.Tensor): Objective {
  const { activations, withActivations } = replaceableActivations(byLayer);
  const loss = () => tf.addN(Object.values(activations).map((activation) => tf.sum(activation(h))));
  return { ...objectiveOf([], loss), withActivations };
}

const measured = (objective: Objective, options: SecondDerivativeDensityOptions = {}) =>
  tf.tidy(() =>
    Object.fromEntries(
      secondDerivativeDensity(options)
        .measure(stepOf(objective).step)
        .map(({ attributes, value }) => [attributes!.layer, value]),
    ),
  );

onBackends(() => {
  test('the share where β-GELU bends shrinks as 1/β, and is 0 for what is flat or straight', () => {
    const points = 2001;
    const h = tf.linspace(-10, 10, points);
    const layers = {
      one: betaGelu(1),
      four: betaGelu(4),
      twenty: betaGelu(20),
      flat: flatGelu(1),
      relu: tf.relu<tf.Tensor>,
    };
    const bend = (beta: number, x: number): number =>
      (beta * (2 - (beta * x) ** 2) * Math.exp(-((beta * x) ** 2) / 2)) / Math.sqrt(2 * Math.PI);
    const share = (beta: number): number =>
      Array.from({ length: points }, (_, i) => bend(beta, -10 + i / 100)).filter((b) => Math.abs(b) > 0.0123).length /
      points;
    const found = measured(loop(layers, h), { threshold: 0.0123 });
    expect(found).toEqual({ one: share(1), four: share(4), twenty: share(20), flat: 0, relu: 0 });
    expect(found.one).toBeGreaterThan(10 * (found.twenty as number));
    h.dispose();
  });
});

describe('secondDerivativeDensity', () => {
  test('counts a layer that is applied several times with all of them', () => {
    const { activations, withActivations } = replaceableActivations({ cell: (x) => tf.mul(0.5, tf.square(x)) });
    const loss = () => tf.add(tf.sum(activations.cell(tf.ones([3]))), tf.sum(activations.cell(tf.ones([2, 2]))));
    expect(measured({ ...objectiveOf([], loss), withActivations })).toEqual({ cell: 1 });
  });

  test('refuses what is not finite', () => {
    const objective = loop({ hidden: (x) => tf.tanh(x) }, tf.tensor1d([1, NaN]));
    expect(() => measured(objective)).toThrow("second derivatives in layer 'hidden' are not finite");
  });

  test('says which layers there are, and what a loop lacks', () => {
    const objective = loop({ hidden: (x) => tf.tanh(x) }, tf.ones([2]));
    expect(() => measured(objective, { layers: ['head'] })).toThrow(
      "layer 'head' applies no activation; there are hidden",
    );
    expect(() => measured(objectiveOf([], () => tf.scalar(1)))).toThrow(
      'the objective must have withActivations; give it to minimize',
    );
    expect(secondDerivativeDensity().needs).toEqual({ activations: true, batch: false });
    expect(secondDerivativeDensity({ layers: ['a'] }).needs).toEqual({ activations: ['a'], batch: false });
  });

  test('refuses options that make no sense', () => {
    expect(() => secondDerivativeDensity({ threshold: -1 })).toThrow('threshold must be >= 0 and finite, got -1');
    expect(() => secondDerivativeDensity({ layers: [] })).toThrow(
      'layers must be a list of names, or left out for all, got []',
    );
  });
});
