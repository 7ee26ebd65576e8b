import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { type Curvature, curvatureOf } from '../../src/curvature/curvatureOf.js';
import { type SelfCheck, selfCheck } from '../../src/curvature/selfCheck.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { golden, goldenNames } from '../golden.js';
import { onBackends } from './onBackends.js';

function checked(objective: Objective, change: (curvature: Curvature) => Curvature = (c) => c): SelfCheck {
  const curvature = curvatureOf(objective);
  try {
    return selfCheck(objective, change(curvature), random(1));
  } finally {
    curvature.dispose();
  }
}

/** Products that are off by a factor, as if a path had been lost, and still symmetric. */
const scaled = (curvature: Curvature): Curvature => ({
  ...curvature,
  hessian: { ...curvature.hessian, apply: (v) => curvature.hessian.apply(v).map((x) => 1.2 * x) },
});

/** Products that lost a path: no longer symmetric. */
const lopsided = (curvature: Curvature): Curvature => ({
  ...curvature,
  hessian: { ...curvature.hessian, apply: (v) => curvature.hessian.apply(v).map((x, i) => (i % 3 ? x : 0)) },
});

/** ReLU, max pooling, and the |z| of sigmoid cross-entropy. */
const branching = ['mlp-relu', 'conv-max-pool', 'mlp-gelu'];

/** One large weight, for the length of the steps, and many so small that every step carries half of them across 0. */
const amidKinks = () => tf.variable(tf.concat([tf.tensor1d([2]), tf.mul(3e-5, tf.sin(tf.range(1, 40)))]));

onBackends((backend) => {
  test.each(goldenNames)('the products and the gradient of %s agree with differences', (name) => {
    const { objective, dispose } = golden(name);
    const weights = () => objective.params.map((p) => [...p.dataSync()]);
    const before = { weights: weights(), tensors: tf.memory().numTensors };
    const { curvature, gradient, cost } = checked(objective);
    expect(curvature.verdict).toBe('agrees');
    expect(gradient.verdict).toBe('agrees');
    expect(cost).toBe(branching.includes(name) ? 8 : 7);
    expect({ weights: weights(), tensors: tf.memory().numTensors }).toEqual(before);
    dispose();
  });

  test('a single weight agrees with differences, whichever way the random half points', () => {
    for (const sign of [1, -1]) {
      const w = tf.variable(tf.scalar(sign));
      const { curvature, gradient } = checked(objectiveOf([w], () => tf.square(w)));
      expect([curvature.verdict, gradient.verdict]).toEqual(['agrees', 'agrees']);
      w.dispose();
    }
  });

  test('wrong products of a smooth network are called wrong', () => {
    const { objective, dispose } = golden('mlp-tanh');
    for (const wrong of [scaled, lopsided]) {
      const { curvature, gradient } = checked(objective, wrong);
      expect(curvature.verdict).toBe('wrong');
      expect(curvature.error).toBeGreaterThan(0.02);
      expect(gradient.verdict).toBe('agrees');
    }
    dispose();
  });

  test('kinks of the gradient within the steps do not matter: every evaluation is on the piece of w', () => {
    const w = amidKinks();
    const { curvature } = checked(objectiveOf([w], () => tf.add(tf.relu(w), tf.mul(tf.square(w), tf.sum(w)))));
    expect(curvature.verdict).toBe('agrees');
  });

  test('where kinks matter all the same it is called kinked, and wrong only if products are not symmetric', () => {
    const w = amidKinks();
    const objective = objectiveOf([w], () =>
      tf.add(tf.square(tf.clipByValue(w, 0, 9)), tf.mul(tf.square(w), tf.mul(0.01, tf.sum(w)))),
    );
    expect(checked(objective).curvature.verdict).toBe('kinked');
    expect(checked(objective, lopsided).curvature.verdict).toBe('wrong');
  });

  test('a network that stands on its kinks, as one of ReLUs on blank pixels at the start, is right', () => {
    const kernel = tf.variable(tf.reshape(tf.mul(0.3, tf.sin(tf.range(1, 55))), [3, 3, 1, 6]) as tf.Tensor4D);
    const bias = tf.variable(tf.zeros([6]));
    const drawn = tf.tensor4d([1, -0.5, 0.3, 0.8], [1, 2, 2, 1]);
    const image = tf.pad(drawn, [
      [0, 0],
      [3, 3],
      [3, 3],
      [0, 0],
    ]);
    for (const kinked of [tf.relu, tf.relu6, tf.leakyRelu, tf.abs, (x: tf.Tensor) => tf.maximum(x, tf.mul(x, -2))]) {
      const features = () => kinked(tf.add(tf.conv2d(image, kernel, 1, 'same'), bias));
      const objective = objectiveOf([kernel, bias], () => tf.square(tf.mean(tf.square(tf.add(features(), 1)))));
      const { curvature, gradient } = checked(objective);
      expect([curvature.verdict, gradient.verdict]).toEqual(['agrees', 'agrees']);
    }
  });

  test('a wrong gradient is called wrong amid the kinks of ReLUs, and kinked where the loss cannot be held', () => {
    const w = amidKinks();
    const wrong = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (dy) => tf.mul(dy, x as tf.Tensor),
    }));
    const of = (kinked: (x: tf.Tensor) => tf.Tensor) =>
      checked(objectiveOf([w], () => tf.add(kinked(w), wrong(w)))).gradient.verdict;
    expect(of(tf.relu)).toBe('wrong');
    expect(of((x) => tf.clipByValue(x, 0, 9))).toBe('kinked');
  });

  test('a loss that does not repeat itself is told, not judged', () => {
    const w = amidKinks();
    let calls = 0;
    const objective = objectiveOf([w], () => tf.mul(tf.relu(w), calls++ > 2 ? 1 : tf.step(w)));
    expect(() => checked(objective)).toThrow('it must be a function of the weights');
  });

  test('a linear loss, without curvature, agrees with differences that are rounding only', () => {
    const w = tf.variable(tf.sin(tf.range(1, 40)));
    const { curvature, gradient } = checked(objectiveOf([w], () => tf.mul(w, tf.cos(tf.range(1, 40)))));
    expect(curvature).toEqual({ error: 0, verdict: 'agrees' });
    expect(gradient.verdict).toBe('agrees');
  });

  test("tfjs's own gradient of average pooling 'same' is wrong, unless repaired, and found out; the products are right", () => {
    const w = tf.variable(tf.reshape(tf.sin(tf.range(0, 25)), [1, 5, 5, 1]) as tf.Tensor4D);
    const { curvature, gradient } = checked(objectiveOf([w], () => tf.pow(tf.avgPool(w, 3, 2, 'same'), 3)));
    expect(gradient.verdict).toBe(backend === 'cpu' ? 'wrong' : 'agrees');
    expect(gradient.error > 0.02).toBe(backend === 'cpu');
    expect(curvature.verdict).toBe('agrees');
  });

  test('weights are put back bit for bit if the loop throws amid the check, and nothing is left', () => {
    const w = tf.variable(tf.tensor1d([0.1, 0.2, 0.3]));
    let calls = 0;
    const objective = objectiveOf([w], () => {
      const loss = tf.square(tf.tanh(w));
      if (++calls === 3) throw new Error('third');
      return loss;
    });
    const before = { weights: [...w.dataSync()], tensors: tf.memory().numTensors };
    expect(() => checked(objective)).toThrow('third');
    expect({ weights: [...w.dataSync()], tensors: tf.memory().numTensors }).toEqual(before);
  });
});
