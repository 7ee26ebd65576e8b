import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Objective } from '../../../src/core/objective.js';
import { random } from '../../../src/core/random.js';
import { type SelfCheck, selfCheck } from '../../../src/curvature/checks/selfCheck.js';
import { type Curvature, curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { objectiveOf } from '../../conformance/objectiveOf.js';
import { golden, goldenNames } from '../../golden.js';
import { onBackends } from '../onBackends.js';

function checked(objective: Objective, change: (curvature: Curvature) => Curvature = (c) => c): SelfCheck {
  const curvature = curvatureOf(objective);
  try {
    return selfCheck(objective, change(curvature), random(2));
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

/** ReLU and its kind, SELU, PReLU, max pooling, and the |·| of softsign and of sigmoid cross-entropy. */
const branching = ['mlp-relu', 'mlp-relu6', 'mlp-swish', 'mlp-gelu', 'regression', 'multi-label', 'conv-max-pool'];

/** One large weight, for the length of the steps, and many so small that every step carries half of them across 0. */
const amidKinks = () => tf.variable(tf.concat([tf.tensor1d([2]), tf.mul(3e-5, tf.sin(tf.range(1, 40)))]));

/** max(w, 0) by a pool of two, whose decision lies within the kernel. */
function pooled(w: tf.Tensor): tf.Tensor {
  const pairs = tf.stack([w, tf.zerosLike(w)], 1);
  return tf.reshape(tf.maxPool(tf.reshape(pairs, [1, w.size, 2, 1]) as tf.Tensor4D, [1, 2], [1, 2], 'valid'), w.shape);
}

const straightThrough = tf.customGrad((w) => ({ value: tf.round(w as tf.Tensor), gradFunc: (dy) => dy }));
const reversal = tf.customGrad((w) => ({ value: tf.clone(w as tf.Tensor), gradFunc: (dy) => tf.neg(dy) }));

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

  test('products that are wrong in one parameter of many are called wrong', () => {
    const { objective, dispose } = golden('mlp-tanh');
    const start = objective.params.slice(0, -1).reduce((n, { size }) => n + size, 0);
    const deaf = (curvature: Curvature): Curvature => ({
      ...curvature,
      hessian: { ...curvature.hessian, apply: (v) => curvature.hessian.apply(v).map((x, i) => (i < start ? x : 0)) },
    });
    expect(checked(objective, deaf).curvature.verdict).toBe('wrong');
    dispose();
  });

  test('a gradient that is wrong across itself is called wrong, however many weights hide it', () => {
    const w = tf.variable(tf.ones([1000]));
    // The gradient of Σ w² is 2 w; training takes a quarter as much beside it, orthogonal to it.
    const across = tf.mul(0.5, tf.cos(tf.mul(Math.PI, tf.range(0, 1000))));
    const declared = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (dy) => tf.mul(dy, tf.add(tf.mul(2, x as tf.Tensor), across)),
    }));
    let calls = 0;
    // The record is made first, of the right gradient; the second evaluation is that of training.
    const objective = objectiveOf([w], () => (calls++ === 1 ? declared(w) : tf.square(w)));
    const { gradient } = checked(objective);
    expect(gradient.verdict).toBe('wrong');
    expect(gradient.error).toBeGreaterThan(0.1);
    w.dispose();
  });

  test('where training has no gradient, that of the curvature is compared; a loss that throws is another matter', () => {
    const w = tf.variable(tf.tensor1d([1, 2, 3]));
    let calls = 0;
    const untaught = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: () => {
        throw new Error('no gradient');
      },
    }));
    const { gradient, curvature } = checked(objectiveOf([w], () => (calls++ === 1 ? untaught(w) : tf.square(w))));
    expect([curvature.verdict, gradient.verdict]).toEqual(['agrees', 'untrainable']);
    expect(gradient.error).toBeLessThan(0.02);
    calls = 0;
    const throwing = objectiveOf([w], () => {
      if (calls++ === 1) throw new Error('second');
      return tf.square(w);
    });
    expect(() => checked(throwing)).toThrow('second');
    w.dispose();
  });

  test('kinks of the gradient within the steps do not matter: every evaluation is on the piece of w', () => {
    const w = amidKinks();
    const { curvature } = checked(objectiveOf([w], () => tf.add(tf.relu(w), tf.mul(tf.square(w), tf.sum(w)))));
    expect(curvature.verdict).toBe('agrees');
  });

  test('where kinks matter all the same it is called kinked, and wrong only if products are not symmetric', () => {
    const w = amidKinks();
    const objective = objectiveOf([w], () =>
      tf.add(tf.square(pooled(w)), tf.mul(tf.square(w), tf.mul(0.01, tf.sum(w)))),
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
    const clip = (x: tf.Tensor) => tf.clipByValue(x, 0, 9);
    const prelu = (x: tf.Tensor) => tf.prelu(x, tf.scalar(0.1));
    const larger = (x: tf.Tensor) => tf.maximum(x, tf.mul(x, -2));
    for (const kinked of [tf.relu, tf.relu6, tf.leakyRelu, prelu, tf.abs, clip, larger]) {
      const features = () => kinked(tf.add(tf.conv2d(image, kernel, 1, 'same'), bias));
      const objective = objectiveOf([kernel, bias], () => tf.square(tf.mean(tf.square(tf.add(features(), 1)))));
      const { curvature, gradient } = checked(objective);
      expect([curvature.verdict, gradient.verdict]).toEqual(['agrees', 'agrees']);
    }
  });

  test('a wrong gradient is called wrong amid the kinks of ReLUs and clips, and kinked where the loss cannot be held', () => {
    const w = amidKinks();
    const wrong = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (dy) => tf.mul(dy, x as tf.Tensor),
    }));
    const of = (kinked: (x: tf.Tensor) => tf.Tensor) =>
      checked(objectiveOf([w], () => tf.add(kinked(w), wrong(w)))).gradient.verdict;
    expect(of(tf.relu)).toBe('wrong');
    expect(of((x) => tf.clipByValue(x, 0, 9))).toBe('wrong');
    expect(of(pooled)).toBe('kinked');
  });

  test.each<[string, (w: tf.Tensor) => tf.Tensor, (w: number) => number, (w: number) => number]>([
    // y = round(w), declared dy/dw = 1: of Σ y² the gradient is 2 y and the Hessian 2.
    ['straight-through rounding', straightThrough, (w) => 2 * Math.round(w), () => 2],
    // y = w, declared dy/dw = -1: of Σ y² the gradient is -2 w and, by the chain rule once more, the Hessian 2.
    ['gradient reversal', reversal, (w) => -2 * w, () => 2],
  ])('%s, which is not the derivative, is computed as declared and reported', (_, declared, slope, bend) => {
    const ws = [0.8, -1.3, 2.2];
    const w = tf.variable(tf.tensor1d(ws));
    const objective = objectiveOf([w], () => tf.square(declared(w)));
    const curvature = curvatureOf(objective);
    curvature.gradient.forEach((g, i) => {
      expect(g).toBeCloseTo(slope(ws[i]!), 5);
    });
    curvature.hessian.apply(Float64Array.of(1, 2, 3)).forEach((hv, i) => {
      expect(hv).toBeCloseTo(bend(ws[i]!) * (i + 1), 5);
    });
    curvature.dispose();
    const { curvature: ofCurvature, gradient } = checked(objective);
    expect(gradient.verdict).toBe('wrong');
    expect(ofCurvature.verdict).not.toBe('agrees');
    w.dispose();
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
