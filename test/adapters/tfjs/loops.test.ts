import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type InstrumentOptions, instrument, type LoopObjective, type Run } from '../../../adapters/tfjs/index.js';
import type { Intervention } from '../../../src/core/intervention.js';
import type { Batch } from '../../../src/core/objective.js';
import { random } from '../../../src/core/random.js';
import * as sharpstream from '../../../src/index.js';
import { convBatchNormDropout, weightsOf } from '../../models.js';

const { every, sam } = sharpstream;

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

const OPTIMIZERS = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9, true),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
  adam: () => tf.train.adam(0.01),
  adamax: () => tf.train.adamax(0.01),
  rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
};
type OptimizerName = keyof typeof OPTIMIZERS;

/** What a hand-written loop works with; `run` is missing where nobody watches. */
interface HandWritten {
  readonly optimizer: tf.Optimizer;
  readonly params: tf.Variable[];
  readonly loss: () => tf.Scalar;
  readonly run: Run | undefined;
}

/** One step each. */
const LOOPS: Readonly<Record<string, (loop: HandWritten) => void | Promise<void>>> = {
  'optimizer.minimize of named variables': ({ optimizer, loss, params }) =>
    void optimizer.minimize(loss, false, params),
  'optimizer.minimize of all there are': ({ optimizer, loss }) => void optimizer.minimize(loss),
  'optimizer.minimize that returns the cost': ({ optimizer, loss, params }) =>
    optimizer.minimize(loss, true, params)!.dispose(),
  'optimizer.minimize within tf.tidy': ({ optimizer, loss, params }) =>
    tf.tidy(() => void optimizer.minimize(loss, true, params)!.dataSync()),
  'optimizer.minimize that waits between steps': async ({ optimizer, loss, params }) => {
    const cost = optimizer.minimize(loss, true, params)!;
    await cost.data();
    cost.dispose();
  },
  'run.minimize': ({ optimizer, loss, params, run }) =>
    run ? run.minimize({ loss, params }).dispose() : void optimizer.minimize(loss, false, params),
  'run.gradients and applyGradients': ({ optimizer, loss, params, run }) => {
    const { value, grads } = run ? run.gradients({ loss, params }) : tf.variableGrads(loss, params);
    optimizer.applyGradients(grads);
    tf.dispose([value, grads]);
  },
};

/** Six steps of a hand-written loop on the network with everything in it, two of them ahead of the run. */
async function loop(
  step: (loop: HandWritten) => void | Promise<void>,
  name: OptimizerName,
  options?: InstrumentOptions,
) {
  const { model, x, y } = convBatchNormDropout();
  const optimizer = OPTIMIZERS[name]();
  const params = model.trainableWeights.map((w) => w.read() as tf.Variable);
  const loss = () =>
    tf.mean(layers.metrics.categoricalCrossentropy(y, model.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar;
  const failures: string[] = [];
  const draw = Math.random;
  Math.random = random(3);
  try {
    for (let i = 0; i < 2; i++) await step({ optimizer, params, loss, run: undefined });
    const before = tf.memory().numTensors;
    const run = options && instrument(optimizer, options);
    run?.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
    for (let i = 0; i < 4; i++) await step({ optimizer, params, loss, run });
    await run?.stop();
    const left = tf.memory().numTensors - before;
    return { weights: weightsOf(model), left, draw: Math.random(), failures };
  } finally {
    Math.random = draw;
  }
}

const metrics = [
  sharpstream.gradientNorm(),
  sharpstream.topEigenvalue({ maxProducts: 2 }),
  sharpstream.hessianTrace({ samples: 2 }),
  sharpstream.samSharpness(),
].map((p) => [p, every(1)] as const);
const lossMetrics = [metrics[0]!, metrics[3]!];
const perturbed = { interventions: [sam({ rho: 0.1 })] };

test.each(Object.keys(LOOPS))(
  '%s trains the same unwatched, with nothing on, and with probes on; so does sam',
  async (name) => {
    const step = LOOPS[name]!;
    const plain = await loop(LOOPS['optimizer.minimize of named variables']!, 'momentum');
    expect(await loop(step, 'momentum')).toEqual(plain);
    expect(await loop(step, 'momentum', {})).toEqual(plain);
    expect(await loop(step, 'momentum', { metrics: lossMetrics })).toEqual(plain);
    const alone = await loop(LOOPS['optimizer.minimize of named variables']!, 'momentum', perturbed);
    expect(await loop(step, 'momentum', { ...perturbed, metrics: lossMetrics })).toEqual(alone);
    expect(alone.weights).not.toEqual(plain.weights);
    expect({ ...alone, weights: [] }).toEqual({ ...plain, weights: [] });
  },
);

test.each(Object.keys(OPTIMIZERS) as OptimizerName[])(
  '%s takes the same steps in minimize with nothing on and with probes on',
  async (name) => {
    const step = LOOPS['optimizer.minimize of named variables']!;
    const plain = await loop(step, name);
    expect(plain.weights.flat().every(Number.isFinite)).toBe(true);
    expect(await loop(step, name, {})).toEqual(plain);
    expect(await loop(step, name, { metrics: lossMetrics })).toEqual(plain);
  },
);

test('curvature of a hand-written loss is measured without failures', async () => {
  const step = LOOPS['optimizer.minimize of named variables']!;
  expect((await loop(step, 'sgd', { metrics: metrics.slice(1, 3) })).failures).toEqual([]);
});

test('on another batch, or in the other mode, the objective of a hand-written loop is of the same step and parameters', () => {
  const w: tf.Variable = tf.variable(tf.scalar(1));
  const params = [w];
  const on = (batch: Batch): LoopObjective => ({
    params,
    loss: () => tf.mul(w, batch.x as tf.Scalar),
    batch,
    withBatch: on,
    withMode: () => on(batch),
  });
  const [here, there] = [1, 2].map((x) => ({ x: tf.scalar(x), y: tf.scalar(0) })) as [Batch, Batch];
  const seen: unknown[] = [];
  const elsewhere: Intervention = (next) => (objective) => {
    for (const other of [
      objective.withBatch!(there),
      objective.withMode!('inference'),
      objective.withBatch!(there).withBatch!(here),
    ]) {
      seen.push([other.step, other.params, other.loss().dataSync()[0]]);
    }
    return next(objective);
  };
  const optimizer = tf.train.sgd(0);
  const run = instrument(optimizer, { interventions: [elsewhere], offers: ['batch'] });
  for (let step = 0; step < 2; step++) run.minimize(on(here)).dispose();
  expect(seen).toEqual([0, 1].flatMap((step) => [2, 1, 1].map((loss) => [step, params, loss])));
  void run.stop();
  optimizer.dispose();
});
