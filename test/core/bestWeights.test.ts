import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { type BestWeightsOptions, bestWeights } from '../../src/core/bestWeights.js';
import type { Measurement } from '../../src/core/watching.js';

beforeAll(() => tf.setBackend('cpu'));

const measured = (value: Measurement['value'], name = 'validation.loss'): Measurement => ({
  name,
  unit: '1',
  step: 0,
  value,
  attributes: {},
});

/** Sets w to 0, 1, 2, … and tells of each the value given; then where w ends, and the tensors left over. */
function ends(values: readonly Measurement['value'][], options?: BestWeightsOptions) {
  const w = tf.variable(tf.scalar(-1));
  const before = tf.memory().numTensors;
  const keeper = bestWeights('validation.loss', options)();
  values.forEach((value, i) => {
    tf.tidy(() => w.assign(tf.scalar(i)));
    tf.tidy(() => keeper.measured(measured(value), [w]));
  });
  keeper.end([w]);
  const end = w.dataSync()[0];
  const left = tf.memory().numTensors - before;
  w.dispose();
  return { end, left };
}

test.each([
  ['the smallest by default', [3, 1, 2], undefined, 1],
  ['the largest if asked', [3, 1, 5, 2], { mode: 'max' }, 2],
  ['the first of equals', [2, 1, 1, 2], undefined, 1],
  ['the last if it is best', [3, 2, 1], undefined, 2],
  ['the best that is finite', [Number.NaN, -Infinity, 4, 5], undefined, 2],
  ['the best number among point sets', [{ x: [0], y: [0] }, 2, 1], undefined, 2],
] as const)('the weights end at the value that is %s, and no tensor is left', (_, values, options, best) => {
  expect(ends(values, options)).toEqual({ end: best, left: 0 });
});

test('what is kept is the weights as they were, not as they are', () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const keeper = bestWeights('validation.loss')();
  keeper.measured(measured(1), [w]);
  tf.tidy(() => w.assign(tf.tensor1d([3, 4])));
  keeper.end([w]);
  expect([...w.dataSync()]).toEqual([1, 2]);
});

test('another measurement is not the metric', () => {
  const w = tf.variable(tf.scalar(1));
  const keeper = bestWeights('validation.loss')();
  keeper.measured(measured(1), [w]);
  tf.tidy(() => w.assign(tf.scalar(2)));
  keeper.measured(measured(0, 'train.loss'), [w]);
  keeper.end([w]);
  expect(w.dataSync()[0]).toBe(1);
});

test('a metric that never came leaves the weights, and names what did come', () => {
  const w = tf.variable(tf.scalar(1));
  const keeper = bestWeights('validation.los')();
  keeper.measured(measured(1), [w]);
  expect(() => keeper.end([w])).toThrow(
    "'validation.los' was never measured, so the weights stay; measured were validation.loss",
  );
  expect(w.dataSync()[0]).toBe(1);
});

test('weights of another shape are left as they are, every one, and what was kept is freed', () => {
  const [a, b, c] = [tf.variable(tf.scalar(1)), tf.variable(tf.zeros([2])), tf.variable(tf.zeros([3]))];
  const before = tf.memory().numTensors;
  const keeper = bestWeights('validation.loss')();
  keeper.measured(measured(1), [a, b]);
  tf.tidy(() => a.assign(tf.scalar(5)));
  expect(() => keeper.end([a, c])).toThrow('weight 1 had the shape [2] when best, now [3]');
  expect(a.dataSync()[0]).toBe(5);
  expect(tf.memory().numTensors).toBe(before);
});

test('a keeper that goes on from a state ends at the best of both', () => {
  const goOn = (later: number): number => {
    const w = tf.variable(tf.scalar(1));
    const first = bestWeights('validation.loss')();
    first.measured(measured(5), [w]);
    const second = bestWeights('validation.loss')();
    second.restore(JSON.parse(JSON.stringify(first.state())));
    tf.tidy(() => w.assign(tf.scalar(2)));
    second.measured(measured(later), [w]);
    second.end([w]);
    return w.dataSync()[0]!;
  };
  expect([goOn(4), goOn(6)]).toEqual([2, 1]);
});

test('a metric without a name and an unknown mode are refused', () => {
  expect(() => bestWeights('')).toThrow('bestWeights: metric must be the name of a measurement');
  expect(() => bestWeights('train.loss', { mode: 'least' as never })).toThrow(
    "bestWeights: mode must be 'min' or 'max', got least",
  );
});
