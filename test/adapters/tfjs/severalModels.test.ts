import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type InstrumentOptions, instrument, type Run } from '../../../adapters/tfjs/index.js';
import { withRandom } from '../../../adapters/tfjs/withRandom.js';
import { random } from '../../../src/core/random.js';
import * as sharpstream from '../../../src/index.js';
import { mlp, weightsOf } from '../../models.js';

const { every, sam } = sharpstream;

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** A sink that counts measurements by run, and how often it was closed. */
function counting() {
  const steps = new Map<string, number>();
  let closed = 0;
  const sink: sharpstream.Sink = {
    name: 'counting',
    write(batch, { name }) {
      const losses = batch.filter((m) => m.name === 'train.loss').length;
      steps.set(name, (steps.get(name) ?? 0) + losses);
    },
    close: () => void closed++,
  };
  return { sink, steps, closed: () => closed };
}

const metrics = [sharpstream.gradientNorm(), sharpstream.topEigenvalue({ maxProducts: 2 })].map(
  (p) => [p, every(1)] as const,
);
const variablesOf = (model: layers.LayersModel) => model.trainableWeights.map((w) => w.read() as tf.Variable);

function networks() {
  return withRandom(random(1), () => {
    const generator = layers.sequential({
      layers: [
        layers.layers.dense({ inputShape: [2], units: 4, activation: 'tanh' }),
        layers.layers.batchNormalization(),
        layers.layers.dense({ units: 3 }),
      ],
    });
    const discriminator = layers.sequential({
      layers: [
        layers.layers.dense({ inputShape: [3], units: 4, activation: 'tanh' }),
        layers.layers.dropout({ rate: 0.3 }),
        layers.layers.dense({ units: 1, activation: 'sigmoid' }),
      ],
    });
    return { generator, discriminator, real: tf.randomNormal([6, 3]), noise: tf.randomNormal([6, 2]) };
  });
}

type Watching = (side: 'generator' | 'discriminator') => InstrumentOptions;

/** A GAN written by hand: two optimizers, each with the variables of its side. */
async function handWrittenGan(watching?: Watching) {
  const { generator, discriminator, real, noise } = networks();
  const judge = (x: tf.Tensor) => discriminator.apply(x, { training: true }) as tf.Tensor;
  const make = () => generator.apply(noise, { training: true }) as tf.Tensor;
  const loss = (p: tf.Tensor, target: number) => tf.losses.logLoss(tf.fill(p.shape, target), p) as tf.Scalar;
  const sides = {
    discriminator: {
      optimizer: tf.train.adam(0.01),
      params: variablesOf(discriminator),
      loss: () => tf.add(loss(judge(real), 1), loss(judge(make()), 0)) as tf.Scalar,
    },
    generator: {
      optimizer: tf.train.adam(0.01),
      params: variablesOf(generator),
      loss: () => loss(judge(make()), 1),
    },
  };
  return played(watching, [generator, discriminator], async (run) => {
    const runs = Object.entries(sides).map(([side, { optimizer }]) => run(side as keyof typeof sides, optimizer));
    for (let i = 0; i < 3; i++) {
      for (const { optimizer, loss, params } of Object.values(sides)) optimizer.minimize(loss, false, params);
    }
    return runs;
  });
}

/** A GAN of layers: the discriminator, and a second model that has it frozen behind the generator. */
async function layersGan(watching?: Watching) {
  const { generator, discriminator, real, noise } = networks();
  discriminator.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
  const input = layers.input({ shape: [2] });
  discriminator.trainable = false;
  const combined = layers.model({
    inputs: input,
    outputs: discriminator.apply(generator.apply(input)) as layers.SymbolicTensor,
  });
  combined.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
  return played(watching, [generator, discriminator], async (run) => {
    const runs = [run('generator', combined), run('discriminator', discriminator)];
    for (let i = 0; i < 3; i++) {
      const x = tf.concat([real, generator.predict(noise) as tf.Tensor]);
      discriminator.trainable = true;
      await discriminator.trainOnBatch(x, tf.concat([tf.ones([6, 1]), tf.zeros([6, 1])]));
      discriminator.trainable = false;
      await combined.trainOnBatch(noise, tf.ones([6, 1]));
    }
    return runs;
  });
}

type Instrumenting = (
  name: 'generator' | 'discriminator',
  target: tf.Optimizer | layers.LayersModel,
) => Run | undefined;

async function played(
  watching: Watching | undefined,
  models: layers.LayersModel[],
  play: (run: Instrumenting) => Promise<(Run | undefined)[]>,
) {
  const failures: string[] = [];
  const draw = Math.random;
  Math.random = random(5);
  try {
    const runs = await play((name, target) => {
      const run = watching && instrument(target, { name, ...watching(name) });
      run?.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
      return run;
    });
    for (const run of runs) await run?.stop();
    return { weights: models.map(weightsOf), draw: Math.random(), failures };
  } finally {
    Math.random = draw;
  }
}

test.each([
  ['written by hand with two optimizers', handWrittenGan],
  ['of two models that share a discriminator', layersGan],
])('a GAN %s plays the same with both sides watched, into one sink', async (_, gan) => {
  const alone = await gan();
  expect(await gan(() => ({}))).toEqual(alone);
  const { sink, steps, closed } = counting();
  expect(await gan(() => ({ metrics, sinks: [sink] }))).toEqual(alone);
  expect(Object.fromEntries(steps)).toEqual({ generator: 3, discriminator: 3 });
  expect(closed()).toBe(1);
});

test.each([
  ['written by hand', handWrittenGan],
  ['of two models', layersGan],
])('in a GAN %s one side may be under sam, with both watched', async (_, gan) => {
  const interventions = [sam({ rho: 0.1 })];
  const onOne = await gan((side) => (side === 'generator' ? { interventions } : {}));
  expect(onOne.failures).toEqual([]);
  expect(onOne.weights).not.toEqual((await gan()).weights);
  expect(await gan((side) => ({ metrics, ...(side === 'generator' && { interventions }) }))).toEqual(onOne);
});

test('an ensemble that trains at the same time, on one optimizer and into one sink, ends as each would alone', async () => {
  const train = async (seeds: number[], options?: InstrumentOptions) => {
    const optimizer = tf.train.sgd(0.1);
    const members = seeds.map((seed) => mlp(seed));
    for (const { model } of members) model.compile({ optimizer, loss: 'categoricalCrossentropy' });
    const runs = options && members.map(({ model }, i) => instrument(model, { ...options, name: `member ${i}` }));
    await Promise.all(members.map(({ model, x, y }) => model.fit(x, y, { epochs: 3, shuffle: false, verbose: 0 })));
    for (const run of runs ?? []) await run.stop();
    return members.map(({ model }) => weightsOf(model));
  };
  const { sink, steps, closed } = counting();
  const together = await train([1, 2, 3], { interventions: [sam({ rho: 0.1 })], metrics, sinks: [sink] });
  const apart = [1, 2, 3].map((seed) => train([seed], { interventions: [sam({ rho: 0.1 })] }));
  expect(together).toEqual((await Promise.all(apart)).flat());
  expect([...steps.values()]).toEqual([3, 3, 3]);
  expect(closed()).toBe(1);
});

test('an optimizer that is instrumented itself is refused to a model, and one of a model to itself', async () => {
  const [first, second] = [mlp(1), mlp(2)];
  const optimizer = tf.train.sgd(0.1);
  for (const { model } of [first, second]) model.compile({ optimizer, loss: 'meanSquaredError' });
  const own = instrument(optimizer);
  expect(() => instrument(first.model)).toThrow('already instrumented');
  await own.stop();
  const [a, b] = [instrument(first.model), instrument(second.model)];
  await a.stop();
  expect(() => instrument(optimizer)).toThrow('already instrumented');
  await b.stop();
  await instrument(optimizer).stop();
});
