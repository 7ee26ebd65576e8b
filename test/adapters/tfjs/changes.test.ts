import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type InstrumentOptions, instrument, type Run } from '../../../adapters/tfjs/index.js';
import { random } from '../../../src/core/random.js';
import * as sharpstream from '../../../src/index.js';
import { convBatchNormDropout, weightsOf } from '../../models.js';

const { every, sam } = sharpstream;
type Callbacks = NonNullable<layers.ModelFitArgs['callbacks']>;

beforeAll(() => tf.setBackend('cpu'));
afterEach(() => tf.disposeVariables());

/** What a run may be asked to live through; `step` trains on one batch. */
interface Course {
  readonly model: layers.LayersModel;
  readonly optimizer: tf.Optimizer;
  readonly run: Run | undefined;
  fit(args?: Partial<layers.ModelFitArgs>): Promise<layers.History>;
}

const probes = [sharpstream.gradientNorm(), sharpstream.topEigenvalue({ maxProducts: 2 }), sharpstream.featureRank()];
const metrics = probes.map((p) => [p, every(1)] as const);

/** Trains the network with everything in it, watched or not, through a course of events. */
async function through<T>(
  course: (c: Course) => Promise<T>,
  options?: InstrumentOptions,
  optimizer: tf.Optimizer | string = tf.train.momentum(0.05, 0.9),
) {
  const { model, x, y } = convBatchNormDropout();
  const failures: string[] = [];
  const draw = Math.random;
  Math.random = random(3);
  try {
    model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const run = options && instrument(model, options);
    run?.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
    const fit = (args = {}) => model.fit(x, y, { batchSize: 8, epochs: 2, verbose: 0, ...args });
    const result = await course({ model, optimizer: model.optimizer, run, fit });
    await run?.stop();
    return { weights: weightsOf(model), result, draw: Math.random(), failures };
  } finally {
    Math.random = draw;
  }
}

const fitOnly = async ({ fit }: Course): Promise<void> => {
  await fit();
};

/** The same course unwatched, with nothing on, and with probes on, ends the same; gives what it ends with. */
async function expectUnmoved<T>(course: (c: Course) => Promise<T>, optimizer?: () => tf.Optimizer | string) {
  const alone = await through(course, undefined, optimizer?.());
  expect(alone.weights.flat().every(Number.isFinite)).toBe(true);
  expect(await through(course, {}, optimizer?.())).toEqual(alone);
  expect(await through(course, { metrics }, optimizer?.())).toEqual(alone);
  return alone;
}

const names = ['sgd', 'momentum', 'adagrad', 'adadelta', 'adam', 'adamax', 'rmsprop'] as const;
const byObject = (name: (typeof names)[number]): tf.Optimizer =>
  name === 'momentum' ? tf.train.momentum(0.05, 0.9) : tf.train[name](0.01);

test.each(names)('fit with %s is not moved by watching', async (name) => {
  await expectUnmoved(fitOnly, () => byObject(name));
});

// tfjs knows no optimizer called momentum.
test.each(names.filter((name) => name !== 'momentum'))(
  "fit with compile('%s') is not moved by watching",
  async (name) => {
    await expectUnmoved(fitOnly, () => name);
  },
);

test('layers frozen and thawed between epochs stay and move as unwatched', async () => {
  const conv = (model: layers.LayersModel) => [...model.getLayer('conv').getWeights()[0]!.dataSync()];
  const { result } = await expectUnmoved(async ({ model, fit }) => {
    const kernels = [conv(model)];
    for (const trainable of [false, true]) {
      model.getLayer('conv').trainable = trainable;
      await fit();
      kernels.push(conv(model));
    }
    return kernels;
  });
  expect(result[1]).toEqual(result[0]);
  expect(result[2]).not.toEqual(result[1]);
});

test('sam perturbs only what trains: with all but the last layer frozen it is sam of the last layer', async () => {
  const frozen = await through(
    async ({ model, run, fit }) => {
      const perturbations: string[][] = [];
      run?.steps.subscribe(({ applied }) => perturbations.push(Object.keys(applied.grads)));
      for (const layer of model.layers.slice(0, -1)) layer.trainable = false;
      await fit();
      return perturbations;
    },
    { interventions: [sam()] },
  );
  expect(frozen.failures).toEqual([]);
  for (const named of frozen.result) expect(named).toHaveLength(2);
});

test('a learning rate set between steps holds from the next step on', async () => {
  await expectUnmoved(
    async ({ optimizer, fit }) => {
      const sgd = optimizer as tf.SGDOptimizer;
      await fit({ callbacks: { onBatchEnd: async (batch) => sgd.setLearningRate(0.1 / (1 + batch)) } });
      expect(sgd.getConfig().learningRate).toBe(0.05);
    },
    () => tf.train.sgd(0.1),
  );
});

test('a model compiled again, with another loss and another optimizer, trains as unwatched and is followed', async () => {
  let steps = 0;
  await expectUnmoved(async ({ model, run, fit }) => {
    run?.steps.subscribe(() => steps++);
    await fit();
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await fit();
    expect(Object.getOwnPropertyNames(model.optimizer)).not.toContain('computeGradients');
  });
  expect(steps).toBe(16);
});

test('the optimizer that compile makes belongs to the run until it stops', async () => {
  const { model } = convBatchNormDropout();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const first = model.optimizer;
  const run = instrument(model, {});
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  expect(() => instrument(model.optimizer, {})).toThrow('already instrumented');
  await instrument(first, {}).stop();
  await run.stop();
  await instrument(model.optimizer, {}).stop();
});

/** Callbacks as people give them; each writes down what it was called with. */
const CALLBACKS: Readonly<Record<string, (note: (...event: unknown[]) => void) => Callbacks>> = {
  'a plain object': (note) => ({
    onEpochBegin: async (epoch) => note('begin', epoch),
    onEpochEnd: async (epoch, logs) => note('end', epoch, logs),
    onBatchEnd: async (batch, logs) => note('batch', batch, logs?.loss),
  }),
  'a list of plain objects': (note) => [
    { onEpochEnd: async (epoch: number, logs?: layers.Logs) => note('first', epoch, logs) },
    { onTrainEnd: async () => note('second') },
  ],
  'an instance': (note) => new Noting(note),
  'a list of instances': (note) => [
    new Noting(note),
    layers.callbacks.earlyStopping({ monitor: 'loss', patience: 0, minDelta: 10 }),
  ],
  'early stopping': () => layers.callbacks.earlyStopping({ monitor: 'loss', patience: 0, minDelta: 10 }),
};

class Noting extends layers.Callback {
  constructor(private readonly note: (...event: unknown[]) => void) {
    super();
  }
  override async onEpochEnd(epoch: number, logs?: layers.Logs): Promise<void> {
    this.note('end', epoch, logs && Object.keys(logs));
  }
  override async onBatchBegin(batch: number): Promise<void> {
    this.note('batch', batch);
  }
}

test.each(Object.keys(CALLBACKS))('callbacks given as %s hear what they hear unwatched', async (kind) => {
  const { result } = await expectUnmoved(async ({ fit }) => {
    const heard: unknown[] = [];
    const callbacks = CALLBACKS[kind]!((...event) => heard.push(event));
    const { epoch, history } = await fit({ epochs: 3, yieldEvery: 'batch', validationSplit: 0.25, callbacks });
    return { heard, epoch, history };
  });
  expect(result.epoch.length).toBe(kind === 'early stopping' || kind === 'a list of instances' ? 2 : 3);
  if (kind !== 'early stopping') expect(result.heard.length).toBeGreaterThan(0);
});

const untilStep = (n: number) => ({ interventions: [sam({ rho: (step: number) => (step < n ? 0.1 : 0) })] });

test('a run stopped by a callback in the middle of fit leaves the rest of it plain', async () => {
  const course = async ({ run, fit }: Course) => {
    await fit({ callbacks: { onBatchEnd: () => run!.stop() } });
  };
  const halfway = await through(course, { interventions: [sam({ rho: 0.1 })], metrics });
  expect(halfway).toEqual(await through(fitOnly, untilStep(1)));
});

test('a run stopped by a subscriber in the middle of a step ends with that step', async () => {
  const seen: number[] = [];
  const stopping = (course: Course) => {
    course.run!.steps.subscribe(({ index }) => {
      seen.push(index);
      if (index === 1) void course.run!.stop();
    });
    return fitOnly(course);
  };
  const halfway = await through(stopping, { interventions: [sam({ rho: 0.1 })], metrics });
  expect(halfway).toEqual(await through(fitOnly, untilStep(2)));
  expect(seen).toEqual([0, 1]);
});

test('a hand-written loop goes on through run.minimize as plain training when the run has stopped', async () => {
  const train = async (stopAt: number, rho: number | ((step: number) => number)) => {
    const w = tf.variable(tf.tensor1d([1, -2]));
    const run = instrument(tf.train.sgd(0.1), { interventions: [sam({ rho })] });
    for (let i = 0; i < 4; i++) {
      if (i === stopAt) await run.stop();
      run.minimize({ params: [w], loss: () => tf.sum(tf.square(w)) as tf.Scalar }).dispose();
    }
    await run.stop();
    return [...w.dataSync()];
  };
  expect(await train(2, 0.1)).toEqual(await train(4, (step) => (step < 2 ? 0.1 : 0)));
});

test('instrumented again after stop, a model trains on as if it had been one run', async () => {
  const options = { interventions: [sam({ rho: 0.1 })] };
  const once = await through(async ({ fit }) => {
    await fit();
    await fit();
  }, options);
  const twice = await through(async ({ model, run, fit }) => {
    await fit();
    await run!.stop();
    const again = instrument(model, options);
    await fit();
    await again.stop();
  }, options);
  expect(twice).toEqual(once);
});

test('run.minimize with a parameter frozen on the way keeps what Adam knows of each', async () => {
  const train = async (minimize: (optimizer: tf.Optimizer, params: tf.Variable[], loss: () => tf.Scalar) => void) => {
    const params = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.scalar(3))] as tf.Variable[];
    const optimizer = tf.train.adam(0.1);
    const loss = () => tf.add(tf.sum(tf.square(params[0]!)), tf.square(params[1]!)) as tf.Scalar;
    for (let i = 0; i < 6; i++) {
      params[0]!.trainable = i < 2 || i > 3;
      minimize(optimizer, params, loss);
    }
    return params.map((p) => [...p.dataSync()]);
  };
  const plain = await train((optimizer, params, loss) => void optimizer.minimize(loss, false, params));
  const runs = new Map<tf.Optimizer, Run>();
  const watched = await train((optimizer, params, loss) => {
    if (!runs.has(optimizer)) runs.set(optimizer, instrument(optimizer, { metrics: metrics.slice(0, 1) }));
    runs.get(optimizer)!.minimize({ params, loss }).dispose();
  });
  for (const run of runs.values()) await run.stop();
  expect(watched).toEqual(plain);
});
