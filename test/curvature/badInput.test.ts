import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/index.js';
import { curvatureOf, type Engine } from '../../src/curvature/curvatureOf.js';
import { linearizeComposition } from '../../src/curvature/linearize/linearizeComposition.js';
import { linearizeGradient } from '../../src/curvature/linearize/linearizeGradient.js';
import { linearizeOutputs } from '../../src/curvature/linearize/linearizeOutputs.js';
import { every, gaussNewtonTrace, hessianTrace, topEigenvalue } from '../../src/index.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { onBackends, start } from './onBackends.js';

beforeAll(() => start('cpu'));

const engines: readonly Engine[] = ['exact', 'finite-difference'];

/** One step of a run with curvature probes: what it measured of curvature, and what failed. */
async function watched(w: tf.Variable, loss: () => tf.Scalar) {
  const optimizer = tf.train.sgd(0.1);
  const run = instrument(optimizer, { metrics: [topEigenvalue(), hessianTrace()].map((probe) => [probe, every(1)]) });
  const failures: string[] = [];
  const measured: string[] = [];
  run.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
  run.measurements.subscribe(({ name }) => name.startsWith('hessian') && measured.push(name));
  optimizer.minimize(loss, false, [w]);
  await run.stop();
  return { failures, measured };
}

test('a weight that is not finite gives no number, and failures that name it', async () => {
  const w = tf.variable(tf.tensor1d([1, NaN]), true, 'broken/kernel');
  const { failures, measured } = await watched(w, () => tf.sum(tf.square(w)));
  expect(measured).toEqual([]);
  expect(failures).toEqual(
    ['topEigenvalue', 'hessianTrace'].map(
      (probe) => `${probe}: curvature: the parameter broken/kernel holds a value that is not finite`,
    ),
  );
  w.dispose();
});

test('a loss that is not finite gives no number, and failures that say what it is', async () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const { failures, measured } = await watched(w, () => tf.div(tf.sum(w), 0));
  expect(measured).toEqual([]);
  expect(failures).toEqual(
    ['topEigenvalue', 'hessianTrace'].map(
      (probe) => `${probe}: curvature: the loss is Infinity, so it has no curvature`,
    ),
  );
  w.dispose();
});

test.each(engines)('a loss that reads none of its parameters has zeros, by the %s engine', (engine) => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const curvature = curvatureOf(
    objectiveOf([w], () => tf.scalar(3)),
    { engine },
  );
  expect([...curvature.gradient]).toEqual([0, 0]);
  expect([...curvature.hessian.apply(Float64Array.of(1, 1))]).toEqual([0, 0]);
  curvature.dispose();
  w.dispose();
});

test('a record that is disposed of refuses each of its products by name, and disposing twice is fine', () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const v = [tf.tensor1d([1, 1])];
  const ofOutputs = ([z]: readonly tf.Tensor[]) => tf.sum<tf.Scalar>(tf.square(z!));
  const before = tf.memory().numTensors;
  const gradient = linearizeGradient(() => tf.sum(tf.square(w)), [w]);
  const outputs = linearizeOutputs(() => [tf.square(w)], [w]);
  const composition = linearizeComposition(() => [tf.square(w)], ofOutputs, [w]);
  for (const { dispose } of [gradient, outputs, composition]) {
    dispose();
    dispose();
  }
  const products = { ...outputs, ...composition, hvp: gradient.hvp };
  for (const name of ['hvp', 'jvp', 'vjp', 'outputHvp', 'gaussNewton', 'nme', 'split'] as const) {
    expect(() => products[name](v)).toThrow(`${name}: the record is disposed of`);
  }
  expect(() => outputs.jvp(v)).toThrow('jvp: the record is disposed of');
  expect(tf.memory().numTensors).toBe(before);
  tf.dispose([w, v]);
});

onBackends(() => {
  test('classes that no example has count for nothing less: H = G, of the probabilities alone', () => {
    tf.tidy(() => {
      // Zero weights: every class has probability 1/3, whatever the input.
      const w = tf.variable(tf.zeros([1, 3]));
      const x = tf.tensor2d([[1], [2]]);
      const labels = tf.oneHot(tf.tensor1d([0, 0], 'int32'), 3);
      const objective = {
        ...objectiveOf([w], () => tf.scalar(0)),
        outputs: () => [tf.matMul(x, w)],
        outputLoss: ([z]: readonly tf.Tensor[]) => tf.losses.softmaxCrossEntropy(labels, z!) as tf.Scalar,
      };
      const curvature = curvatureOf(objective);
      // mean(x²) (diag p − p pᵀ), mean(x²) = 5/2.
      const { hessian, gaussNewton } = curvature.parts!.split.apply(Float64Array.of(0, 1, 0));
      for (const product of [hessian, gaussNewton]) {
        [-5 / 18, 10 / 18, -5 / 18].forEach((wanted, i) => {
          expect(product[i]).toBeCloseTo(wanted, 5);
        });
      }
      curvature.dispose();
      w.dispose();
    });
  });
});

test('a probe that needs outputs of a loop that has none is refused when the run is made', () => {
  const metrics = [[gaussNewtonTrace(), every(1)]] as const;
  expect(() => instrument(tf.train.sgd(0.1), { metrics })).toThrow('gaussNewtonTrace');
});
