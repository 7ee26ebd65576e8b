import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { twiceDifferentiable } from '../../../src/curvature/tape/twiceDifferentiable.js';
import { numbers } from '../../conformance/objectiveOf.js';
import { nestedGoldens } from '../../reference/nested.js';
import type { Values } from '../../reference/readGolden.js';
import { onBackends } from '../onBackends.js';

const { wganGp, maml } = nestedGoldens;
const names = ['w', 'b', 'v'] as const;
/** Of the optimizer: the weights move by the gradient itself. */
const RATE = 1;

const tensorOf = ({ shape, values }: Values): tf.Tensor => tf.tensor(values, shape);

/** tanh(x w + b) v */
const network = ([w, b, v]: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor =>
  tf.matMul(tf.tanh(tf.add(tf.matMul(x, w!), b!)), v!);

/** mean D(fake) − mean D(real) + λ mean (‖∂D/∂x̂‖ − 1)² */
function criticLoss(params: readonly tf.Tensor[]): tf.Scalar {
  const [real, fake, mix] = [wganGp.real, wganGp.fake, wganGp.mix].map(tensorOf) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const between = tf.add(tf.mul(mix, real), tf.mul(tf.sub(1, mix), fake));
  const slopes = tf.grad((x) => tf.sum(network(params, x)))(between);
  const penalty = tf.mean(tf.square(tf.sub(tf.norm(slopes, 2, 1), 1)));
  const distance = tf.sub(tf.mean(network(params, fake)), tf.mean(network(params, real)));
  return tf.add(distance, tf.mul(wganGp.penalty, penalty));
}

const error = (params: readonly tf.Tensor[], { x, y }: { x: Values; y: Values }): tf.Scalar =>
  tf.mean(tf.square(tf.sub(network(params, tensorOf(x)), tensorOf(y))));

/** Σ over tasks of L(w − η ∇L(w; support); query) */
function metaLoss(params: readonly tf.Tensor[]): tf.Scalar {
  const losses = maml.tasks.map(({ support, query }) => {
    const slopes = tf.grads((...ws) => error(ws, support))([...params]);
    const adapted = params.map((w, i) => tf.sub(w, tf.mul(maml.rate, slopes[i]!)));
    return error(adapted, query);
  });
  return tf.addN(losses);
}

const cases = [
  { name: "a critic's loss with the penalty of WGAN-GP", golden: wganGp, loss: criticLoss },
  { name: 'the meta-loss of MAML, through a step of gradient descent', golden: maml, loss: metaLoss },
];

onBackends(() => {
  test.each(cases)('$name, minimised: loss and gradient are those of JAX, and nothing is left', ({ golden, loss }) => {
    const before = tf.memory().numTensors;
    const optimizer = tf.train.sgd(RATE);
    tf.tidy(() => {
      const params = names.map((name) => tf.variable(tensorOf(golden.params[name])));
      const value = twiceDifferentiable(() => optimizer.minimize(() => loss(params), true, params))!;
      expect(numbers(value)[0]).toBeCloseTo(golden.expected.loss, 5);
      params.forEach((param, i) => {
        const { gradient } = golden.expected;
        const start = golden.params[names[i]!].values;
        numbers(param).forEach((after, j) => {
          expect(start[j]! - after).toBeCloseTo(RATE * gradient[names[i]!][j]!, 4);
        });
      });
      tf.dispose(params);
    });
    optimizer.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('where a loop does not offer a place around it, the scope stands within the loss', () => {
    tf.tidy(() => {
      const params = names.map((name) => tf.variable(tensorOf(wganGp.params[name])));
      const { grads } = tf.variableGrads(() => twiceDifferentiable(() => criticLoss(params)), params);
      params.forEach((param, i) => {
        numbers(grads[param.name]).forEach((d, j) => {
          expect(d).toBeCloseTo(wganGp.expected.gradient[names[i]!][j]!, 4);
        });
      });
      tf.dispose(params);
    });
  });

  test('within a loss given to model.compile the scope holds through fit', async () => {
    // A dense layer of one weight w on x = 1; the loss is the square of (w tanh w)'s slope.
    const layer = layers.dense({ units: 1, useBias: false, inputShape: [1], kernelInitializer: 'ones' });
    const model = sequential({ layers: [layer] });
    const slopeOf = tf.grad((z) => tf.sum(tf.mul(z, tf.tanh(z))));
    const loss = (_: tf.Tensor, z: tf.Tensor): tf.Tensor => twiceDifferentiable(() => tf.square(slopeOf(z)));
    model.compile({ optimizer: tf.train.sgd(1), loss });
    await model.fit(tf.ones([1, 1]), tf.ones([1, 1]), { epochs: 1, verbose: 0 });
    const t = Math.tanh(1);
    const [slope, bend] = [t + 1 - t * t, 2 * (1 - t * t) * (1 - t)];
    expect(numbers(model.getWeights()[0])[0]).toBeCloseTo(1 - 2 * slope * bend, 5);
    model.dispose();
  });

  test('without the scope the same penalty has another gradient, and nothing says so', () => {
    tf.tidy(() => {
      const params = names.map((name) => tf.variable(tensorOf(wganGp.params[name])));
      const { value, grads } = tf.variableGrads(() => criticLoss(params), params);
      expect(numbers(value)[0]).toBeCloseTo(wganGp.expected.loss, 5);
      expect(Math.abs(numbers(grads[params[0]!.name])[0]! - wganGp.expected.gradient.w[0]!)).toBeGreaterThan(0.1);
      tf.dispose(params);
    });
  });
});
