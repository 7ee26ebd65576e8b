import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { featurePresets } from '../../src/metrics/featurePresets.js';
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
        { name: 'features.dead_units', value: activity[at]!.dead, attributes: { layer, threshold } },
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
  expect(found(units)).toEqual({ active_units: 4, dead_units: 1, density: 9 / 20, distinct_units: 2 });
});

test('a unit below zero is in use, and none of the density', () => {
  expect(found(tf.tensor2d([[-1, 0], [-2, 0]]))).toEqual({ active_units: 1, dead_units: 1, density: 0, distinct_units: 1 }); // biome-ignore format: a matrix
});

test('a layer that is never on has no units, and one that is constant keeps all', () => {
  expect(found(tf.zeros([4, 3]))).toEqual({ active_units: 0, dead_units: 3, density: 0, distinct_units: 0 });
  expect(found(tf.ones([4, 3]))).toEqual({ active_units: 3, dead_units: 0, density: 1, distinct_units: 3 });
});

test('a smooth unit that stays near 0 is dead by the preset of the source, and alive by the default', () => {
  const features = tf.tensor2d([[0.04, 0.06, -1], [-0.03, 0.01, -0.9]]); // biome-ignore format: a matrix
  expect(found(features)).toMatchObject({ active_units: 3, dead_units: 0, density: 3 / 6 });
  const { units } = featurePresets.twoLayerSmooth;
  expect(found(features, units)).toMatchObject({ active_units: 2, dead_units: 1, density: 1 / 6 });
});

test('the presets tell how alike two units may be: these correlate by 0.96', () => {
  // Unit vectors without mean at an angle of arccos 0.96.
  const alike = tf.tensor2d([[1, 0.96], [-1, -0.96], [0, 0.28], [0, -0.28]]); // biome-ignore format: a matrix
  const distinct = ({ units }: { readonly units: UnitActivityOptions }) => found(alike, units).distinct_units;
  expect([featurePresets.deep, featurePresets.twoLayer].map(distinct)).toEqual([1, 2]);
});

test('all units of a wide layer count for its density, at every call', () => {
  const half = tf.concat([tf.ones([2, 1500]), tf.zeros([2, 1500])], 1);
  const wide = { active_units: 1500, dead_units: 1500, density: 0.5 };
  expect([found(half), found(half)]).toEqual([wide, wide]);
});

test('pairs are compared only where there are at most 1,024 units', () => {
  expect(Object.keys(found(tf.ones([2, 1024])))).toContain('distinct_units');
  expect(Object.keys(found(tf.ones([2, 1025])))).not.toContain('distinct_units');
});

test('unitActivity refuses options that make no sense', () => {
  expect(() => unitActivity({ threshold: -1 })).toThrow('unitActivity: threshold must be >= 0 and finite, got -1');
  expect(() => unitActivity({ correlation: 1 })).toThrow(
    'unitActivity: correlation must be between 0 and 1, both excluded, got 1',
  );
  expect(() => unitActivity({ layers: [] })).toThrow(
    'unitActivity: layers must be a list of names, or left out for all, got []',
  );
});
