import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/index.js';
import { all } from '../../src/core/all.js';
import { between } from '../../src/core/between.js';
import { compose } from '../../src/core/compose.js';
import { cosine } from '../../src/core/cosine.js';
import { every } from '../../src/core/every.js';
import { gradient } from '../../src/core/gradient.js';
import type { Intervention } from '../../src/core/intervention.js';
import type { Batch, Objective } from '../../src/core/objective.js';
import { accumulate } from '../../src/interventions/accumulate.js';
import { clipByGlobalNorm } from '../../src/interventions/clipByGlobalNorm.js';
import { gsam } from '../../src/interventions/gsam.js';
import { lookSam } from '../../src/interventions/lookSam.js';
import { sam } from '../../src/interventions/sam.js';
import { sometimes } from '../../src/interventions/sometimes.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { convBatchNormDropout, mlp, type Trained, weightsOf } from '../models.js';

/** What users of other implementations of SAM reported, each with the report it answers. */

beforeAll(() => tf.setBackend('cpu'));

async function train(trained: Trained, interventions: readonly Intervention[], learningRate = 0.1, epochs = 1) {
  const { model, x, y } = trained;
  model.compile({ optimizer: tf.train.sgd(learningRate), loss: 'categoricalCrossentropy' });
  const run = instrument(model, { interventions, seed: 3 });
  const reported: Record<string, number[]> = {};
  run.measurements.subscribe(({ name, value }) => {
    reported[name] = [...(reported[name] ?? []), value as number];
  });
  await model.fit(x, y, { epochs, batchSize: 64, shuffle: false, verbose: 0 });
  await run.stop();
  return { weights: weightsOf(model), reported };
}

const farthest = (a: readonly number[][], b: readonly number[][]): number =>
  Math.max(...a.flatMap((row, i) => row.map((v, k) => Math.abs(v - b[i]![k]!))));

describe('davda54/sam#17, #30: batch normalization moves once a step, from the pass at the weights themselves', () => {
  test('its averages after a step are those of plain training', async () => {
    const plain = await train(convBatchNormDropout(), []);
    const perturbed = await train(convBatchNormDropout(), [sam({ rho: 0.5 })]);
    expect(perturbed.weights.slice(-2)).toEqual(plain.weights.slice(-2));
  });
});

describe('davda54/sam#3, #62: accumulation with SAM', () => {
  const of = ({ x, y }: Batch, w: tf.Variable): Objective => ({
    ...objectiveOf([w], () => tf.losses.meanSquaredError(y as tf.Tensor, tf.matMul(x as tf.Tensor, w as never))),
    batch: { x, y },
    withBatch: (batch) => of(batch, w),
  });

  test('four parts of 8 under one perturbation equal one batch of 32, on a linear model', () => {
    tf.tidy(() => {
      const w = tf.variable(tf.randomNormal([5, 1], 0, 1, 'float32', 1));
      const objective = of({ x: tf.randomNormal([32, 5], 0, 1, 'float32', 2), y: tf.ones([32, 1]) }, w);
      const whole = numbers(sam({ rho: 0.1 })(gradient)(objective).grads[w.name]);
      const parts = numbers(compose(sam({ rho: 0.1 }), accumulate(4))(gradient)(objective).grads[w.name]);
      for (const [i, g] of parts.entries())
        expect(Math.abs(g - whole[i]!)).toBeLessThan(1e-6 * Math.abs(whole[i]!) + 1e-6);
      w.dispose();
    });
  });
});

describe('davda54/sam#8, kozistr/pytorch_optimizer#64: "requires closure"', () => {
  test('the loss that minimize is given is the closure: no code changes', async () => {
    const w = tf.variable(tf.scalar(1));
    const optimizer = tf.train.sgd(0.5);
    const run = instrument(optimizer, { interventions: [sam({ rho: 0.2 })] });
    optimizer.minimize(() => tf.mul<tf.Scalar>(0.5, tf.square(w)), false, [w]);
    await run.stop();
    expect(numbers(w)[0]).toBeCloseTo(1 - 0.5 * 1.2, 6);
  });
});

describe('Lightning-AI/pytorch-lightning#17650, davda54/sam#31, #42: the trainer and the loop by hand', () => {
  test('fit, trainOnBatch and minimize under SAM give the same weights', async () => {
    const fitted = await train(mlp(), [sam({ rho: 0.1 })], 0.1, 4);
    const batch = mlp();
    batch.model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' });
    const watched = instrument(batch.model, { interventions: [sam({ rho: 0.1 })] });
    for (let i = 0; i < 4; i++) await batch.model.trainOnBatch(batch.x, batch.y);
    await watched.stop();
    const hand = mlp();
    const optimizer = tf.train.sgd(0.1);
    const run = instrument(optimizer, { interventions: [sam({ rho: 0.1 })] });
    const params = hand.model.trainableWeights.map((w) => w.read() as tf.Variable);
    for (let i = 0; i < 4; i++) {
      const output = () => hand.model.apply(hand.x, { training: true }) as tf.Tensor;
      optimizer.minimize(
        () => tf.mean<tf.Scalar>(layers.metrics.categoricalCrossentropy(hand.y, output())),
        false,
        params,
      );
    }
    await run.stop();
    expect(weightsOf(batch.model)).toEqual(fitted.weights);
    expect(weightsOf(hand.model)).toEqual(fitted.weights);
  });
});

describe('google-deepmind/optax#1743: a zero gradient', () => {
  test('gives a plain step, not NaN', () => {
    tf.tidy(() => {
      const w = tf.variable(tf.tensor1d([0, 0]));
      for (const options of [{}, { p: Infinity }, { adaptive: true }]) {
        const { grads } = sam(options)(gradient)(objectiveOf([w], () => tf.square(w)));
        expect(numbers(grads[w.name])).toEqual([0, 0]);
      }
      w.dispose();
    });
  });
});

describe('THUDM/INFTY#18, wandb/senpai#2059: SAM that silently is plain training', () => {
  test('shows in sam.active_steps and sam.ascent_norm', async () => {
    const late = await train(mlp(), [sam({ rho: (step) => (step < 10 ? 0 : 0.1) })], 0.1, 3);
    expect(late.reported['sam.active_steps']).toEqual([0, 0, 0]);
    const third = await train(mlp(), [sometimes(every(2), sam({ rho: 0.1 }))], 0.1, 5);
    expect(third.reported['sam.active_steps']).toEqual([1, 2, 3]);
    for (const norm of third.reported['sam.ascent_norm']!) expect(norm).toBeCloseTo(0.1, 5);
    expect(third.reported['gradient.evaluations']).toEqual([2, 1, 2, 1, 2]);
  });
});

describe('wandb/senpai#2059: a schedule under which SAM never runs', () => {
  test('is refused as it is made, where its steps are known', () => {
    expect(() => sometimes(between(50, 50), sam())).toThrow('between: to must be above from, or it is never due');
    expect(() => sometimes(all(every(10), between(1, 10)), sam())).toThrow('all: the schedules must be due together');
  });
});

describe('THUDM/INFTY#18: LookSAM that reuses nothing', () => {
  test('k = 5 over 10 steps is exactly two ascents, and something is reused in each of the others', async () => {
    const { reported } = await train(mlp(), [lookSam({ rho: 0.1, interval: 5 })], 0.1, 10);
    expect(reported['gradient.evaluations']).toEqual([2, 1, 1, 1, 1, 2, 1, 1, 1, 1]);
    expect(reported['sam.active_steps']).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
    expect(reported['sam.orthogonal_norm']).toHaveLength(2);
    expect(reported['sam.reused_norm']).toHaveLength(8);
    const norms = [...reported['sam.orthogonal_norm']!, ...reported['sam.reused_norm']!];
    expect(Math.min(...norms)).toBeGreaterThan(1e-4);
  });
});

describe('rollovd/LookSAM#1: a gradient of zero', () => {
  test('gives plain steps, not NaN, with an ascent and between', () => {
    tf.tidy(() => {
      const w = tf.variable(tf.tensor1d([0, 0]));
      const step = lookSam()(gradient);
      for (const i of [0, 1]) {
        expect(numbers(step(objectiveOf([w], () => tf.square(w), i)).grads[w.name])).toEqual([0, 0]);
      }
      step.dispose!();
      w.dispose();
    });
  });
});

describe('google-research/big_vision#80: a radius below 0 while the learning rate warms up', () => {
  test('is refused', () => {
    const w = tf.variable(tf.scalar(1));
    const step = gsam({ rho: (step) => (step - 5) / 100 })(gradient);
    expect(() => tf.tidy(() => void step(objectiveOf([w], () => tf.square(w))))).toThrow(
      'gsam: rho must be >= 0, got -0.05',
    );
  });
});

describe('google-research/big_vision#8: a schedule of ρ that explodes', () => {
  test('a cosine of learning rate and ρ together stays bounded on a convex problem, and ends in its minimum', async () => {
    const w = tf.variable(tf.tensor1d([1, -2]));
    const optimizer = tf.train.sgd(0.5);
    const run = instrument(optimizer, { interventions: [sam({ rho: cosine({ from: 0.5, steps: 50 }) })] });
    const rate = cosine({ from: 0.5, to: 0.01, steps: 50 });
    for (let i = 0; i < 100; i++) {
      optimizer.setLearningRate(rate(i));
      optimizer.minimize(() => tf.mul<tf.Scalar>(0.5, tf.sum(tf.mul([1, 2], tf.square(w)))), false, [w]);
      expect(Math.max(...numbers(w).map(Math.abs))).toBeLessThanOrEqual(2);
    }
    await run.stop();
    expect(Math.max(...numbers(w).map(Math.abs))).toBeLessThan(0.05);
  });

  test('a value that is none is refused, at the step that has it', () => {
    const w = tf.variable(tf.scalar(1));
    const step = sam({ rho: (step) => 1 - step })(gradient);
    const at = (i: number) => tf.tidy(() => void step(objectiveOf([w], () => tf.square(w), i)));
    at(0);
    expect(() => at(2)).toThrow('sam: rho must be >= 0, got -1');
  });
});

describe('Keras SharpnessAwareMinimization: split gradients summed, sample weights and regularizers ignored', () => {
  const regularized = (): Trained => {
    const { model, x, y } = mlp();
    const kernelRegularizer = layers.regularizers.l2({ l2: 0.1 });
    const head = layers.layers.dense({ units: 3, activation: 'softmax', kernelRegularizer });
    const grown = layers.sequential({ layers: [...model.layers.slice(0, 1), head] });
    return { model: grown, x, y };
  };

  test('the split gradient is the mean of those of its parts: SAM on four parts steps as far as on one', async () => {
    const tiny = 1e-4;
    const plain = await train(mlp(), []);
    const split = await train(mlp(), [accumulate(4), sam({ rho: tiny })]);
    expect(farthest(split.weights, plain.weights)).toBeLessThan(1e-4);
  });

  test('class weights count in both passes and in every part', async () => {
    const weighted = async (interventions: readonly Intervention[]): Promise<number[][]> => {
      const { model, x, y } = mlp();
      model.compile({ optimizer: tf.train.sgd(0.1), loss: 'categoricalCrossentropy' });
      const run = instrument(model, { interventions });
      const classWeight = { 0: 5, 1: 0.2, 2: 1 };
      await model.fit(x, y, { epochs: 1, batchSize: 64, shuffle: false, verbose: 0, classWeight });
      await run.stop();
      return weightsOf(model);
    };
    const plain = await weighted([]);
    expect(farthest(await weighted([sam({ rho: 1e-4 })]), plain)).toBeLessThan(1e-4);
    expect(farthest(await weighted([sam({ rho: 1e-4 }), accumulate(4)]), plain)).toBeLessThan(1e-4);
    expect(farthest((await train(mlp(), [])).weights, plain)).toBeGreaterThan(1e-3);
  });

  test('the gradient holds 2λw of a regularizer, whole batch or parts', async () => {
    const step = async (interventions: readonly Intervention[]): Promise<number[]> => {
      const trained = regularized();
      const fixed = trained.model.getWeights().map((w, i) => tf.randomNormal(w.shape, 0, 1, 'float32', i + 1));
      trained.model.setWeights(fixed);
      const before = weightsOf(trained.model)[2]!;
      const { weights } = await train(trained, interventions, 1);
      return before.map((w, i) => w - weights[2]![i]!);
    };
    const free = async (interventions: readonly Intervention[]): Promise<number[]> => {
      const { model, x, y } = mlp();
      model.setWeights(model.getWeights().map((w, i) => tf.randomNormal(w.shape, 0, 1, 'float32', i + 1)));
      const before = weightsOf(model)[2]!;
      const { weights } = await train({ model, x, y }, interventions, 1);
      return before.map((w, i) => w - weights[2]![i]!);
    };
    const kernel = numbers(tf.randomNormal([8, 3], 0, 1, 'float32', 3));
    for (const interventions of [[sam({ rho: 1e-3 })], [sam({ rho: 1e-3 }), accumulate(4)]]) {
      const [held, loose] = [await step(interventions), await free(interventions)];
      held.forEach((g, i) => expect(g - loose[i]!).toBeCloseTo(2 * 0.1 * kernel[i]!, 2));
    }
  });
});

describe('davda54/sam#80: ρ = 0', () => {
  test('is the base optimizer, bit for bit', async () => {
    const plain = await train(convBatchNormDropout(), [], 0.1, 3);
    expect((await train(convBatchNormDropout(), [sam({ rho: 0 })], 0.1, 3)).weights).toEqual(plain.weights);
  });
});

describe('davda54/sam#57: recurrent networks', () => {
  test('an LSTM trains under SAM without a NaN', async () => {
    const model = layers.sequential({
      layers: [
        layers.layers.lstm({ inputShape: [5, 3], units: 4, recurrentInitializer: 'glorotNormal' }),
        layers.layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    const x = tf.randomNormal([12, 5, 3], 0, 1, 'float32', 1);
    const y = tf.oneHot([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], 3);
    const { weights, reported } = await train({ model, x, y }, [sam({ rho: 0.1 })], 0.1, 3);
    expect(weights.flat().every(Number.isFinite)).toBe(true);
    for (const norm of reported['sam.ascent_norm']!) expect(norm).toBeCloseTo(0.1, 5);
  });
});

describe('facebookresearch/fairscale#989: which norm', () => {
  test('one over all parameters together, so that ‖ε̂‖ = ρ', async () => {
    const { reported } = await train(convBatchNormDropout(), [sam({ rho: 0.3 })], 0.1, 2);
    for (const norm of reported['sam.ascent_norm']!) expect(norm).toBeCloseTo(0.3, 5);
  });
});

describe('research on SAM repositories: clipping belongs after the second pass', () => {
  test('clipping outside of SAM bounds what the optimizer gets, and leaves its direction', () => {
    tf.tidy(() => {
      const w = tf.variable(tf.tensor1d([3, 4]));
      const objective = objectiveOf([w], () => tf.mul(0.5, tf.mul([1, 10], tf.square(w))));
      const free = numbers(sam({ rho: 0.5 })(gradient)(objective).grads[w.name]);
      const held = numbers(compose(clipByGlobalNorm(1), sam({ rho: 0.5 }))(gradient)(objective).grads[w.name]);
      const length = Math.hypot(...free);
      held.forEach((g, i) => expect(g).toBeCloseTo(free[i]! / length, 5));
      w.dispose();
    });
  });
});
