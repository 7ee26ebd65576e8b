import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type UnitActivityOptions, unitActivity } from '../../src/metrics/unitActivity.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { rankFamily } from '../reference/rankFamily.js';
import { featureLoop } from './featureLoop.js';

for (const at of [0, 1]) {
  const { threshold, correlation } = rankFamily['mlp-tanh'].features.hidden1!.activity[at]!;
  testProbe({
    name: `unitActivity beyond ${threshold}`,
    make: (conditions) => unitActivity({ threshold, correlation, ...conditions }),
    networks: ['mlp-tanh', 'mlp-relu', 'conv-max-pool'],
    expected: ({ name }) =>
      Object.entries(rankFamily[name as keyof typeof rankFamily].features).flatMap(([layer, { activity }]) => [
        { name: 'features.active_units', value: activity[at]!.active, attributes: { layer, threshold } },
        { name: 'features.density', value: activity[at]!.density, attributes: { layer, threshold } },
        { name: 'features.distinct_units', value: activity[at]!.distinct, attributes: { layer, correlation } },
      ]),
    tolerance: 1e-9,
  });
}

beforeAll(() => tf.setBackend('cpu'));

function found(features: tf.Tensor, options: UnitActivityOptions = {}): Record<string, unknown> {
  const readings = unitActivity(options).measure(stepOf(featureLoop(features)).step);
  return Object.fromEntries(readings.map(({ name, value }) => [name.replace('features.', ''), value]));
}

/** Never on; on once; twice the one before; its opposite, held at 1; another. */
const units = tf.tensor2d([[0, 1, 2, 0, 3], [0, 0, 0, 1, 1], [-0, 0, 0, 1, 4], [0, 0, 0, 1, 1]]); // biome-ignore format: a matrix

test('unitActivity counts a unit that is never on for nothing, and one of those that go together', () => {
  expect(found(units)).toEqual({ active_units: 4, density: 9 / 20, distinct_units: 2 });
});

test('a unit below zero is in use, and none of the density', () => {
  expect(found(tf.tensor2d([[-1, 0], [-2, 0]]))).toEqual({ active_units: 1, density: 0, distinct_units: 1 }); // biome-ignore format: a matrix
});

test('a layer that is never on has no units, and one that is constant keeps all', () => {
  expect(found(tf.zeros([4, 3]))).toEqual({ active_units: 0, density: 0, distinct_units: 0 });
  expect(found(tf.ones([4, 3]))).toEqual({ active_units: 3, density: 1, distinct_units: 3 });
});

test('pairs are compared only where there are at most 1,024 units', () => {
  expect(Object.keys(found(tf.ones([2, 1024])))).toContain('distinct_units');
  expect(Object.keys(found(tf.ones([2, 1025])))).not.toContain('distinct_units');
});

test('unitActivity refuses options that make no sense', () => {
  expect(() => unitActivity({ threshold: -1 })).toThrow(
    'unitActivity: threshold must be at least 0 and finite, got -1',
  );
  expect(() => unitActivity({ correlation: 1 })).toThrow(
    'unitActivity: correlation must be between 0 and 1, both excluded, got 1',
  );
  expect(() => unitActivity({ layers: [] })).toThrow('unitActivity: layers must name a layer, got []');
});
