import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { accuracy } from '../../../../adapters/cli/study/digits/accuracy.js';
import { noisyDigits } from '../../../../adapters/cli/study/digits/noisyDigits.js';
import type { Batch } from '../../../../src/core/objective.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const numbers = (t: Batch['x']): number[] => [...(t as tf.Tensor).dataSync()];
const classes = ({ y }: Batch): number[] => numbers(tf.argMax(y as tf.Tensor, -1));

test('noise mislabels a share of what is trained on, a smaller one within a larger, and nothing else', () => {
  const [clean, noisy, noisier] = [0, 0.25, 0.5].map((noise) => noisyDigits(40, noise, 9)) as [Parts, Parts, Parts];
  const right = classes(clean.train);
  const wrong = ({ train }: Parts): number[] => [...right.keys()].filter((i) => classes(train)[i] !== right[i]);
  expect(wrong(noisy)).toHaveLength(10);
  expect(wrong(noisier)).toHaveLength(20);
  expect(wrong(noisier)).toEqual(expect.arrayContaining(wrong(noisy)));
  expect(classes(noisier.test)).toEqual(classes(clean.test));
  expect(numbers(noisier.train.x)).toEqual(numbers(clean.train.x));
  expect(numbers(noisier.test.x)).toEqual(numbers(clean.test.x));
});

type Parts = ReturnType<typeof noisyDigits>;

test('all digits but those to train on are to test on, paper -0.3 and ink 0.7', () => {
  const { train, test } = noisyDigits(40, 0, 9);
  expect([train.x, train.y, test.x, test.y].map((t) => (t as tf.Tensor).shape)).toEqual([
    [40, 64],
    [40, 10],
    [1757, 64],
    [1757, 10],
  ]);
  expect(Math.min(...numbers(train.x))).toBeCloseTo(-0.3, 6);
  expect(Math.max(...numbers(train.x))).toBeCloseTo(0.7, 6);
});

test('accuracy is the share of largest logits that are of the class', () => {
  const x = tf.tensor2d([[3, 1], [0, 2], [5, 4], [1, 9]]); // biome-ignore format: rows
  const y = tf.oneHot(tf.tensor1d([0, 1, 1, 1], 'int32'), 2);
  expect(accuracy((x) => x, { x, y })).toBe(0.75);
});
