import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { instrument, type Run } from '../../adapters/tfjs/index.js';
import { compose } from '../../src/core/compose.js';
import { gradient } from '../../src/core/gradient.js';
import type { Intervention } from '../../src/core/intervention.js';
import type { GradientFn, Update } from '../../src/core/objective.js';
import { decoupledWeightDecay } from '../../src/interventions/decoupledWeightDecay.js';
import { sam } from '../../src/interventions/sam.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

testIntervention({ name: 'decoupledWeightDecay', make: () => decoupledWeightDecay(0.1), calls: 1 });

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const update = (params: readonly tf.Variable[], learningRate: number | undefined = 0.1): Update => ({
  step: 0,
  params,
  learningRate,
});

test('decoupledWeightDecay takes η λ w off the weights before the optimizer steps, and leaves the gradient alone', () => {
  const w = tf.variable(tf.tensor1d([3, -4]));
  const step = decoupledWeightDecay(0.5)(gradient);
  expect(numbers(step(objectiveOf([w], () => tf.mul(2, w))).grads[w.name])).toEqual([2, 2]);
  const seen: number[][] = [];
  step.update!(() => void seen.push(numbers(w)), update([w]));
  expect(seen).toHaveLength(1);
  [2.85, -3.8].forEach((value, i) => expect(seen[0]![i]).toBeCloseTo(value, 6));
});

test('decoupledWeightDecay reaches only the parameters chosen', () => {
  const [kernel, bias] = [tf.variable(tf.tensor2d([[2]])), tf.variable(tf.tensor1d([3]))];
  const step = decoupledWeightDecay(1, { only: (param) => param.rank > 1 })(gradient);
  step.update!(() => {}, update([kernel, bias]));
  expect(numbers(kernel)[0]).toBeCloseTo(1.8, 6);
  expect(numbers(bias)).toEqual([3]);
});

test('decoupledWeightDecay puts the weights back when the optimizer throws, and leaves no tensor over', () => {
  const w = tf.variable(tf.tensor1d([3, -4]));
  const step = decoupledWeightDecay(0.5)(gradient);
  const tensors = tf.memory().numTensors;
  const failing = () => {
    throw new Error('no step');
  };
  expect(() => step.update!(failing, update([w]))).toThrow('no step');
  expect(numbers(w)).toEqual([3, -4]);
  step.update!(() => {}, update([w]));
  expect(tf.memory().numTensors).toBe(tensors);
});

test('decoupledWeightDecay of 0 steps as the optimizer does, bit for bit', () => {
  const w = tf.variable(tf.tensor1d([0.1]));
  const { dataId } = w;
  decoupledWeightDecay(0)(gradient).update!(() => {}, update([w]));
  expect(w.dataId).toBe(dataId);
});

test('updates nest as the interventions do, around one step of the optimizer', () => {
  const w = tf.variable(tf.tensor1d([1]));
  const trace: string[] = [];
  const tracing =
    (name: string): Intervention =>
    (next) => {
      const part: GradientFn = (objective) => next(objective);
      part.update = (apply) => {
        trace.push(`>${name}`);
        apply();
        trace.push(`<${name}`);
      };
      return part;
    };
  const plain: Intervention = (next) => (objective) => next(objective);
  const step = compose(tracing('a'), plain, compose(tracing('b'), tracing('c')))(gradient);
  step.update!(() => void trace.push('apply'), update([w]));
  expect(trace).toEqual(['>a', '>b', '>c', 'apply', '<c', '<b', '<a']);
  expect(compose(plain, sam())(gradient).update).toBeUndefined();
});

test('decoupledWeightDecay refuses an optimizer without a learning rate, and strengths that are none', () => {
  const w = tf.variable(tf.tensor1d([1]));
  const step = decoupledWeightDecay(0.5)(gradient);
  expect(() => step.update!(() => {}, { ...update([w]), learningRate: undefined })).toThrow(
    'decoupledWeightDecay: the optimizer must have a learningRate',
  );
  expect(() => decoupledWeightDecay(-1)).toThrow('decoupledWeightDecay: strength must be >= 0, got -1');
});

test('an update that the run does not see is a failure, told once, and training goes on', async () => {
  const model = layers.sequential({ layers: [layers.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const run = instrument(model, { interventions: [decoupledWeightDecay(0.5)] });
  const failures: string[] = [];
  run.failures.subscribe(({ error }) => failures.push(error.message));
  const params = model.trainableWeights.map((w) => w.read() as tf.Variable);
  const loss = () => tf.mean<tf.Scalar>(model.apply(tf.ones([1, 1])) as tf.Tensor);
  for (let i = 0; i < 3; i++) model.optimizer.applyGradients(run.gradients({ params, loss }).grads);
  await run.stop();
  expect(failures).toHaveLength(1);
  expect(failures[0]).toContain('step 0 was not applied by the instrumented optimizer');
});

/** One optimizer step by hand: decay at the weights before, on the gradient at the weights before. */
describe.each(['sgd', 'momentum', 'adagrad', 'adadelta', 'adam', 'adamax', 'rmsprop'] as const)('with %s', (name) => {
  const made = (): tf.Optimizer => {
    const { sgd, momentum, adagrad, adadelta, adam, adamax, rmsprop } = tf.train;
    const eta = 0.1;
    return {
      sgd: () => sgd(eta),
      momentum: () => momentum(eta, 0.9),
      adagrad: () => adagrad(eta),
      adadelta: () => adadelta(eta),
      adam: () => adam(eta),
      adamax: () => adamax(eta),
      rmsprop: () => rmsprop(eta),
    }[name]();
  };
  const lambda = 0.5;
  const interventions = () => [decoupledWeightDecay(lambda)];

  /** Three steps on ½(w − 1)² as decoupled decay has it. */
  function byHand(): number {
    const w = tf.variable(tf.scalar(2));
    const optimizer = made();
    for (let i = 0; i < 3; i++) {
      const grads = { [w.name]: tf.sub(w, 1) };
      w.assign(tf.mul(w, 1 - 0.1 * lambda));
      optimizer.applyGradients(grads);
    }
    return numbers(w)[0]!;
  }

  test('minimize, run.minimize and gradients applied by hand decay as defined', async () => {
    const loss = (w: tf.Variable) => () => tf.mul<tf.Scalar>(0.5, tf.square(tf.sub(w, 1)));
    const ways = [
      (optimizer: tf.Optimizer, _: Run, w: tf.Variable) => void optimizer.minimize(loss(w), false, [w]),
      (_: tf.Optimizer, run: Run, w: tf.Variable) => void run.minimize({ loss: loss(w), params: [w] }),
      (optimizer: tf.Optimizer, run: Run, w: tf.Variable) =>
        optimizer.applyGradients(run.gradients({ loss: loss(w), params: [w] }).grads),
    ];
    for (const way of ways) {
      const w = tf.variable(tf.scalar(2));
      const optimizer = made();
      const { applyGradients } = optimizer;
      const run = instrument(optimizer, { interventions: interventions() });
      for (let i = 0; i < 3; i++) way(optimizer, run, w);
      expect(numbers(w)[0]).toBeCloseTo(byHand(), 6);
      await run.stop();
      expect(optimizer.applyGradients).toBe(applyGradients);
    }
  });

  test('fit and run.minimize of a model decay as defined', async () => {
    const fitted = async (train: (model: layers.LayersModel, run: Run, x: tf.Tensor, y: tf.Tensor) => unknown) => {
      const model = layers.sequential();
      model.add(layers.layers.dense({ units: 1, inputShape: [1], useBias: false }));
      model.setWeights([tf.tensor2d([[2]])]);
      // Half the square, since the loss of tfjs is the whole one: y = √½ x, so ½(w − 1)² = (w√½ − √½)².
      model.compile({ optimizer: made(), loss: 'meanSquaredError' });
      const [x, y] = [tf.tensor2d([[Math.SQRT1_2]]), tf.tensor2d([[Math.SQRT1_2]])];
      const run = instrument(model, { interventions: interventions() });
      for (let i = 0; i < 3; i++) await train(model, run, x, y);
      await run.stop();
      return numbers(model.getWeights()[0])[0]!;
    };
    expect(await fitted((model, _, x, y) => model.fit(x, y, { verbose: 0 }))).toBeCloseTo(byHand(), 5);
    const minimize = (model: layers.LayersModel, run: Run, x: tf.Tensor, y: tf.Tensor): void => {
      const params = model.trainableWeights.map((w) => w.read() as tf.Variable);
      run.minimize({ params, loss: () => tf.losses.meanSquaredError(y, model.apply(x) as tf.Tensor) as tf.Scalar });
    };
    expect(await fitted(minimize)).toBeCloseTo(byHand(), 5);
  });
});
