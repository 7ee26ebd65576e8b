import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Points } from '../../src/core/watching.js';
import { featureRank } from '../../src/metrics/featureRank.js';
import { type FeatureSingularValuesOptions, featureSingularValues } from '../../src/metrics/featureSingularValues.js';
import { gramRank } from '../../src/metrics/gramRank.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { lowRank } from '../reference/lowRank.js';
import { featureLoop } from './featureLoop.js';

const numbered = (y: readonly number[]): Points => ({ x: y.map((_, i) => i + 1), y });

testProbe({
  name: 'featureSingularValues',
  make: featureSingularValues,
  networks: ['mlp-tanh', 'mlp-relu', 'conv-max-pool', 'conv-batch-norm'],
  expected: ({ expected }) =>
    Object.entries(expected.features).map(([layer, { singularValues }]) => ({
      name: 'features.singular_values',
      value: numbered(singularValues),
      attributes: { layer, centering: 'columns' },
    })),
  tolerance: 1e-5,
});

beforeAll(() => tf.setBackend('cpu'));

const valuesOf = (features: tf.Tensor, options: FeatureSingularValuesOptions = {}): Points =>
  featureSingularValues(options).measure(stepOf(featureLoop(features)).step)[0]!.value as Points;

test.each(['columns', 'rows', 'none'] as const)(
  'featureSingularValues with %s centred are those of NumPy',
  (centering) => {
    const { shape, values } = lowRank.versions.plain.features;
    const { x, y } = valuesOf(tf.tensor(values, shape), { centering });
    expect(x).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const known = lowRank.singularValues[centering];
    // The squares err by some 1e-15 of the largest, and the reference is told to ten digits.
    known.forEach((s, i) => expect(Math.abs(y[i]! ** 2 - s ** 2)).toBeLessThan(1e-9 * s ** 2 + 1e-13 * known[0]! ** 2));
  },
);

test('featureSingularValues are min(examples, features), zeros included', () => {
  expect(valuesOf(tf.zeros([2, 3]))).toEqual({ x: [1, 2], y: [0, 0] });
  expect(valuesOf(tf.diag(tf.tensor1d([0, 3, 4])), { centering: 'none' })).toEqual({ x: [1, 2, 3], y: [4, 3, 0] });
});

test('of more than 1,000 singular values every second is told, under its own number', () => {
  const { x, y } = valuesOf(tf.concat([tf.ones([1, 1200]), tf.zeros([1199, 1200])]), { centering: 'none' });
  expect(x).toHaveLength(600);
  expect(x.slice(0, 3)).toEqual([1, 3, 5]);
  expect(y[0]).toBeCloseTo(Math.sqrt(1200), 9);
});

test('the spectrum of a layer is found once a step, for all probes of the same centring', () => {
  const features = tf.tensor2d([[1, 2], [3, 4], [0, 1]]); // biome-ignore format: a matrix
  const { step } = stepOf(featureLoop(features));
  const made: string[] = [];
  const watched = {
    ...step,
    once<T>(key: string, make: () => T): T {
      return step.once(key, () => {
        made.push(key);
        return make();
      });
    },
  };
  const probes = [featureRank(), featureSingularValues(), gramRank({ centering: 'columns' }), gramRank()];
  for (const probe of probes) probe.measure(watched);
  expect(made.filter((key) => key.startsWith('spectra of features'))).toEqual([
    'spectra of features, centering columns',
    'spectra of features, centering none',
  ]);
});

test('featureSingularValues refuses options that make no sense', () => {
  expect(() => featureSingularValues({ centering: 'both' as never })).toThrow(
    "featureSingularValues: centering must be 'columns', 'rows' or 'none', got both",
  );
  expect(() => featureSingularValues({ layers: [] })).toThrow(
    'featureSingularValues: layers must be a list of names, or left out for all, got []',
  );
});
