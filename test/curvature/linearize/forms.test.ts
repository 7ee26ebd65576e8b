import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gaussNewtonForm } from '../../../src/curvature/linearize/gaussNewtonForm.js';
import { type CurvatureForm, hessianForm } from '../../../src/curvature/linearize/hessianForm.js';
import { dataLossOf } from '../../../src/interventions/dataGradient.js';
import { device } from '../../adapters/backends/native/provisioned.js';
import { distance, flat, type Golden, golden, goldenNames } from '../../golden.js';
import { curvatureForms } from '../../reference/curvatureForms.js';
import { onBackends } from '../onBackends.js';

onBackends(() => {
  describe.each(goldenNames)('on the network %s', (name) => {
    let network: Golden;
    beforeEach(() => {
      network = golden(name);
    });
    afterEach(() => network.dispose());

    /** The forms along v and along −v, whose mean is that along v. */
    const directions = () => [network.unflat(network.v), network.unflat(network.v.map((x) => -x))];
    const check = (made: CurvatureForm, matrix: 'hessian' | 'gaussNewton'): void => {
      const { value, gradient } = curvatureForms[name][matrix];
      // Of a sum that cancels, float32 leaves few digits: it is held to what it is a sum of.
      const scale = Math.hypot(...network.v) * Math.hypot(...network.expected[matrix].product);
      const error = Math.abs(made.form.dataSync()[0]! - value);
      expect(error / scale).toBeLessThan(1e-6);
      // A GPU sums in another order, which shows where much cancels.
      if (device === 'cpu') expect(error / Math.max(1, Math.abs(value))).toBeLessThan(5e-6);
      expect(distance(flat(made.pull()), gradient)).toBeLessThan(1e-5);
      expect(distance(flat(made.grads), network.expected.gradient)).toBeLessThan(5e-6);
      expect(made.loss.dataSync()[0]).toBeCloseTo(network.expected.loss, 5);
      made.dispose();
    };

    /** Evaluates, and leaves nothing. */
    const evaluated = (f: () => void): void => {
      const tensors = tf.memory().numTensors;
      tf.tidy(f);
      expect(tf.memory().numTensors).toBe(tensors);
    };

    test('vᵀHv and its gradient, a third derivative, are those of JAX at float64', () => {
      const { objective } = network;
      evaluated(() => check(hessianForm(dataLossOf(objective), objective.params, directions()), 'hessian'));
    });

    test('vᵀGv and its gradient are those of JAX at float64', () => {
      const { outputs, outputLoss, params } = network.objective;
      evaluated(() => check(gaussNewtonForm(outputs!, outputLoss!, params, directions()), 'gaussNewton'));
    });
  });
});

/** What a deep inner layer takes, in gradients of three products each: the difference between 8 layers and 4. */
async function costOf(make: (net: DeepNetwork, vs: tf.Tensor[][]) => CurvatureForm, samples: number): Promise<number> {
  const products: number[] = [];
  for (const depth of [4, 8]) {
    const params = Array.from({ length: depth }, (_, i) =>
      tf.variable(tf.eye(2), true, `deep-${samples}-${depth}-${i}`),
    );
    const outputs = () => [
      params.reduce((h, w) => tf.tanh(tf.matMul(h, w as tf.Tensor2D)), tf.ones([3, 2]) as tf.Tensor2D),
    ];
    const outputLoss = ([z]: readonly tf.Tensor[]) => tf.sum(tf.square(z!)) as tf.Scalar;
    const vs = Array.from({ length: samples }, () => params.map(({ shape }) => tf.ones(shape)));
    const { kernels } = await tf.profile(() => {
      const form = make({ params, outputs, outputLoss }, vs);
      form.pull();
      form.dispose();
      return tf.scalar(0);
    });
    tf.dispose([params, vs]);
    products.push(kernels.filter(({ name }) => name === 'BatchMatMul').length);
  }
  const [shallow, deep] = products;
  return (deep! - shallow!) / 4 / 3;
}

interface DeepNetwork {
  readonly params: tf.Variable[];
  readonly outputs: () => tf.Tensor[];
  readonly outputLoss: (outputs: readonly tf.Tensor[]) => tf.Scalar;
}

test.each([1, 2, 3])('the forms of %i directions cost what is said of them', async (samples) => {
  await tf.setBackend('cpu');
  const ofHessian = await costOf(
    ({ params, outputs, outputLoss }, vs) => hessianForm(() => outputLoss(outputs()), params, vs),
    samples,
  );
  expect(ofHessian).toBeCloseTo(1 + 2 * samples + (4 / 3 + (10 / 3) * samples), 9);
  const ofGaussNewton = await costOf(
    ({ params, outputs, outputLoss }, vs) => gaussNewtonForm(outputs, outputLoss, params, vs),
    samples,
  );
  expect(ofGaussNewton).toBeCloseTo(1 + (2 / 3) * samples + (2 / 3 + samples), 9);
});
