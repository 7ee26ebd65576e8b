import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type WeightRankOptions, weightRank } from '../../src/metrics/weightRank.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';
import { type Golden, golden } from '../golden.js';
import { rankFamily } from '../reference/rankFamily.js';

beforeAll(() => tf.setBackend('cpu'));

const ranks = (params: readonly tf.Variable[], options: WeightRankOptions = {}) =>
  weightRank(options).measure(stepOf(objectiveOf(params, () => tf.scalar(0))).step);

test.each(['mlp-tanh', 'mlp-relu', 'conv-max-pool'] as const)(
  'weightRank of %s is that of NumPy, and leaves no tensor',
  (name) => {
    const known: Golden = golden(name);
    const tensors = tf.memory().numTensors;
    const readings = ranks(known.objective.params);
    expect(tf.memory().numTensors).toBe(tensors);
    const kernels = Object.entries(rankFamily[name].weights);
    expect(readings).toHaveLength(2 * kernels.length);
    kernels.forEach(([kernel, { effectiveRank, stableRank }], i) => {
      const [effective, stable] = readings.slice(2 * i);
      expect(effective).toMatchObject({ name: 'weights.effective_rank' });
      expect(stable).toMatchObject({ name: 'weights.stable_rank' });
      expect(effective!.attributes!.parameter).toMatch(new RegExp(`${kernel}$`));
      expect(effective!.value).toBeCloseTo(effectiveRank, 6);
      expect(stable!.value).toBeCloseTo(stableRank, 6);
    });
    known.dispose();
  },
);

test('weightRank of the identity is its size, of an outer product 1, of zero 0', () => {
  const values = (w: tf.Tensor) => ranks([tf.variable(w)]).map(({ value }) => value as number);
  for (const value of values(tf.eye(5))) expect(value).toBeCloseTo(5, 6);
  for (const value of values(tf.outerProduct([1, 2, 3], [1, -1]))) expect(value).toBeCloseTo(1, 5);
  expect(values(tf.zeros([3, 4]))).toEqual([0, 0]);
});

test('weightRank takes what is chosen of the parameters of two dimensions', () => {
  const [kernel, other, bias] = [tf.ones([2, 2]), tf.ones([3, 3]), tf.ones([2])].map((w, i) =>
    tf.variable(w, true, `weight-rank/${i}`),
  );
  const names = (options: WeightRankOptions) =>
    new Set(ranks([kernel!, other!, bias!], options).map((r) => r.attributes!.parameter));
  expect(names({})).toEqual(new Set(['weight-rank/0', 'weight-rank/1']));
  expect(names({ only: (param) => param === other })).toEqual(new Set(['weight-rank/1']));
  expect(names({ only: () => false })).toEqual(new Set());
});

test('weightRank names a weight that is not finite, and refuses what is no choice', () => {
  expect(() => ranks([tf.variable(tf.fill([2, 2], NaN), true, 'weight-rank/bad')])).toThrow(
    'weightRank: weight-rank/bad holds a value that is not finite',
  );
  expect(() => weightRank({ only: 'all' as never })).toThrow(
    'weightRank: only must be a function of a parameter, got all',
  );
});
