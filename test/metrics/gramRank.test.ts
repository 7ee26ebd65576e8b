import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type GramRankOptions, gramRank } from '../../src/metrics/gramRank.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { rankFamily } from '../reference/rankFamily.js';
import { featureLoop } from './featureLoop.js';

testProbe({
  name: 'gramRank',
  make: gramRank,
  networks: ['mlp-tanh', 'mlp-relu', 'conv-max-pool'],
  expected: ({ name }) =>
    Object.entries(rankFamily[name as keyof typeof rankFamily].features).map(([layer, { gramEffectiveRank }]) => ({
      name: 'gram.effective_rank',
      value: gramEffectiveRank,
      attributes: { layer, centering: 'none' },
    })),
  tolerance: 1e-5,
});

beforeAll(() => tf.setBackend('cpu'));

const rank = (features: tf.Tensor, options: GramRankOptions = {}) =>
  gramRank(options).measure(stepOf(featureLoop(features)).step)[0]!.value;

test('gramRank is of the squares of the singular values: 3.36 for 4, 2, 1, 1', () => {
  expect(rank(tf.diag(tf.sqrt(tf.tensor1d([4, 2, 1, 1]))))).toBeCloseTo(3.36358566, 5); // 2^(7/4)
});

test('gramRank of zero features is 0, of equal examples 1, or 0 where the columns are centred', () => {
  expect(rank(tf.zeros([5, 4]))).toBe(0);
  expect(rank(tf.ones([5, 4]))).toBeCloseTo(1, 6);
  expect(rank(tf.ones([5, 4]), { centering: 'columns' })).toBe(0);
});

test('gramRank refuses options that make no sense', () => {
  expect(() => gramRank({ centering: 'both' as never })).toThrow(
    "gramRank: centering must be 'columns', 'rows' or 'none'",
  );
  expect(() => gramRank({ layers: [] })).toThrow(
    'gramRank: layers must be a list of names, or left out for all, got []',
  );
});
