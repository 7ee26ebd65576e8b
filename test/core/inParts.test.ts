import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import { inParts } from '../../src/core/inParts.js';
import type { Batch, Objective } from '../../src/core/objective.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** The rows of every batch whose loss was evaluated. */
let seen: number[][];
beforeEach(() => {
  seen = [];
});

/** The mean of (w x − y)² over a batch. */
function squares(batch: Batch, w: tf.Variable): Objective {
  const { x, y } = batch as { x: tf.Tensor; y: tf.Tensor };
  const loss = () => {
    seen.push(numbers(x));
    return tf.mean(tf.square(tf.sub(tf.mul(w, x), y)));
  };
  return {
    ...objectiveOf([w], loss),
    batch,
    withBatch: (other) => squares(other, w),
    withMode: (mode) => ({ ...squares(batch, w), mode }),
    features: () => [tf.mul(w, x)],
    outputs: () => [x],
    outputLoss: () => loss() as tf.Scalar,
    penalty: () => tf.scalar(1),
  };
}

const data = () => ({ x: tf.tensor1d([1, 2, 3, 4, 5]), y: tf.tensor1d([3, 3, 7, 7, 10]) });

test('an objective in parts has the loss and the gradient of the whole, and sees a part at a time', () => {
  const w = tf.variable(tf.scalar(2));
  const parts = inParts(squares(data(), w), 2);
  // (1 + 1 + 1 + 1 + 0) / 5, and 2 (−1·1 + 1·2 − 1·3 + 1·4 + 0·5) / 5
  expect(numbers(tf.tidy(parts.loss))[0]).toBeCloseTo(0.8, 6);
  const { loss, grads } = gradient(parts);
  expect(numbers(loss)[0]).toBeCloseTo(0.8, 6);
  expect(numbers(grads[w.name])[0]).toBeCloseTo(0.8, 6);
  const thirds = [[1], [2, 3], [4, 5]];
  expect(seen).toEqual([...thirds, ...thirds]);
});

test('it gives the features of all parts, and is in parts on another batch and in another mode too', () => {
  const w = tf.variable(tf.scalar(2));
  const parts = inParts(squares(data(), w), 2);
  expect(numbers(parts.features!(['any'])[0])).toEqual([2, 4, 6, 8, 10]);
  expect(parts.withMode!('training').parts!.map(({ objective }) => objective.batch!.x)).toHaveLength(3);
  const [x, y] = [tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([2, 4, 6, 9])];
  const other = parts.withBatch!({ x, y });
  expect(numbers(tf.tidy(other.loss))[0]).toBeCloseTo(0.25, 6);
  expect(other.parts).toHaveLength(2);
});

test('it offers no outputs, which would be those of all parts together', () => {
  const { outputs, outputLoss } = inParts(squares(data(), tf.variable(tf.scalar(2))), 2);
  expect([outputs, outputLoss]).toEqual([undefined, undefined]);
});

test('an objective that fits into one part is left as it is', () => {
  const objective = squares(data(), tf.variable(tf.scalar(2)));
  expect(inParts(objective, 5)).toBe(objective);
});

test('an objective that cannot be taken to another batch is refused', () => {
  const { withBatch: _, ...fixed } = squares(data(), tf.variable(tf.scalar(2)));
  expect(() => inParts(fixed, 2)).toThrow('inParts: the objective must have batch and withBatch');
});
