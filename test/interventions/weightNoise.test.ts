import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { gradient } from '../../src/core/gradient.js';
import { random } from '../../src/core/random.js';
import { weightNoise } from '../../src/interventions/weightNoise.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';
import { seededOnCpu } from './seededOnCpu.js';

testIntervention({
  name: 'weightNoise',
  make: () => weightNoise({ stddev: 0.1 }),
  zero: () => weightNoise({ stddev: 0 }),
  calls: 1,
});

seededOnCpu();

/** The mean of a sample lies within 4 standard errors of what is expected. */
function expectMean(sample: readonly number[], expected: number): void {
  const mean = sample.reduce((a, b) => a + b) / sample.length;
  const variance = sample.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (sample.length - 1);
  expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.sqrt(variance / sample.length));
}

test('weightNoise on ½(abx − y)² gives on average L + (σ²/2) tr H + σ⁴x²/2, and the gradient of that', () => {
  const [a, b, x, y, sigma, copies] = [0.7, -1.3, 2, 0.5, 0.3, 100_000];
  const [u, w] = [a, b].map((value) => tf.variable(tf.fill([copies], value))) as [tf.Variable, tf.Variable];
  let losses: number[] = [];
  const each = () => {
    const loss = tf.mul(0.5, tf.square(tf.sub(tf.mul(tf.mul(u, w), x), y)));
    losses = numbers(loss);
    return loss;
  };
  const { grads } = weightNoise({ stddev: sigma })(gradient)(objectiveOf([u, w], each));
  const traceH = x ** 2 * (a ** 2 + b ** 2);
  expectMean(losses, 0.5 * (a * b * x - y) ** 2 + (sigma ** 2 / 2) * traceH + (sigma ** 4 * x ** 2) / 2);
  expectMean(numbers(grads[u.name]), x ** 2 * a * (b ** 2 + sigma ** 2) - x * y * b);
  expectMean(numbers(grads[w.name]), x ** 2 * b * (a ** 2 + sigma ** 2) - x * y * a);
});

test('weightNoise draws anew at each step, from the stream that training uses, and once a step', () => {
  const w = tf.variable(tf.tensor1d([1, 2, 3]));
  const noisy = () => {
    const gradientAt = weightNoise({ stddev: 1 })(gradient);
    return (step: number): number[] => {
      const objective = { ...objectiveOf([w], () => tf.square(w)), step };
      return numbers(gradientAt(objective).grads[w.name]);
    };
  };
  const at = noisy();
  const [first, again, second] = [at(0), at(0), at(1)];
  expect(again).toEqual(first);
  expect(second).not.toEqual(first);
  vi.mocked(Math.random).mockImplementation(random(1));
  expect(noisy()(0)).toEqual(first);
});

test('weightNoise moves two parameters of one shape by different noise', () => {
  const [u, w] = [tf.variable(tf.zeros([4])), tf.variable(tf.zeros([4]))];
  const { grads } = weightNoise({ stddev: 1 })(gradient)(objectiveOf([u, w], () => tf.add(tf.square(u), tf.square(w))));
  expect(numbers(grads[u.name])).not.toEqual(numbers(grads[w.name]));
});

test.each([-0.1, NaN])('weightNoise refuses stddev = %s', (stddev) => {
  expect(() => weightNoise({ stddev })).toThrow(`weightNoise: stddev must be >= 0, got ${stddev}`);
});
