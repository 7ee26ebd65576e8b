import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as data from '@tensorflow/tfjs-data';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test, vi } from 'vitest';
import { instrument, logits } from '../../../adapters/tfjs/index.js';
import { every } from '../../../src/core/every.js';
import type { Intervention } from '../../../src/core/intervention.js';
import { random } from '../../../src/core/random.js';
import type { Failure, Measurement, Probe, Sink, Step } from '../../../src/core/watching.js';
import { sam } from '../../../src/interventions/sam.js';
import { convBatchNormDropout, mlp, weightsOf } from '../../models.js';

beforeAll(() => tf.setBackend('cpu'));

const probeOf = (name: string, value: (step: Step) => number, more: Partial<Probe> = {}): Probe => ({
  name,
  measures: [{ name, unit: '1' }],
  measure: (step) => [{ name, value: value(step) }],
  ...more,
});

/** A compiled two-layer network, its data, and `fit` of so many full-batch steps. */
function compiled(optimizer: tf.Optimizer = tf.train.sgd(0.1)) {
  const { model, x, y } = mlp();
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const fit = (steps: number) => model.fit(x, y, { batchSize: 24, epochs: steps, shuffle: false, verbose: 0 });
  return { model, x, y, fit, optimizer };
}

test('fit, fitDataset, trainOnBatch and a minimize loop under sam end in the same weights', async () => {
  const options = { interventions: [sam({ rho: 0.1 })] };
  const ways = {
    async fit() {
      const { model, fit } = compiled();
      const run = instrument(model, options);
      await fit(5);
      await run.stop();
      return model;
    },
    async fitDataset() {
      const { model, x, y } = compiled();
      const run = instrument(model, options);
      const dataset = data.array([{ xs: x, ys: y }]);
      await model.fitDataset(dataset as never, { epochs: 5, verbose: 0 });
      await run.stop();
      return model;
    },
    async trainOnBatch() {
      const { model, x, y } = compiled();
      const run = instrument(model, options);
      for (let i = 0; i < 5; i++) await model.trainOnBatch(x, y);
      await run.stop();
      return model;
    },
    async minimize() {
      const { model, x, y } = mlp();
      const optimizer = tf.train.sgd(0.1);
      const run = instrument(optimizer, options);
      const params = model.trainableWeights.map((w) => w.read() as tf.Variable);
      const predict = () => model.apply(x, { training: true }) as tf.Tensor;
      const loss = () => tf.mean(layers.metrics.categoricalCrossentropy(y, predict())) as tf.Scalar;
      for (let i = 0; i < 5; i++) optimizer.minimize(loss, false, params);
      await run.stop();
      return model;
    },
  };
  const fitted = weightsOf(await ways.fit());
  for (const way of [ways.fitDataset, ways.trainOnBatch, ways.minimize]) expect(weightsOf(await way())).toEqual(fitted);
});

test('sam with rho 0 is the base optimizer, bit for bit, and costs one gradient', async () => {
  const base = compiled(tf.train.momentum(0.1, 0.9));
  await base.fit(5);
  const zero = compiled(tf.train.momentum(0.1, 0.9));
  const run = instrument(zero.model, { interventions: [sam({ rho: 0 })] });
  const evaluations: unknown[] = [];
  run.measurements.subscribe(({ name, value }) => name === 'gradient.evaluations' && evaluations.push(value));
  await zero.fit(5);
  await run.stop();
  expect(weightsOf(zero.model)).toEqual(weightsOf(base.model));
  expect(evaluations).toEqual([1, 1, 1, 1, 1]);
});

test('sam costs exactly two gradients, moves batch normalization and the random stream once, and repeats the dropout mask', async () => {
  const train = async (interventions: Intervention[]) => {
    const { model, x, y } = convBatchNormDropout();
    model.compile({ optimizer: tf.train.sgd(0), loss: 'categoricalCrossentropy' });
    const run = instrument(model, { interventions });
    const numbers: Measurement[] = [];
    run.measurements.subscribe((m) => numbers.push(m));
    const draw = await withStream(3, async () => {
      await model.trainOnBatch(x, y);
      return Math.random();
    });
    await run.stop();
    return { draw, averages: weightsOf(model).slice(4, 6), numbers };
  };
  const losses: number[] = [];
  const twice: Intervention = (next) => (objective) => {
    losses.push(...[next(objective), next(objective)].map(({ loss }) => loss.dataSync()[0]!));
    return next(objective);
  };
  const plain = await train([]);
  const perturbed = await train([sam({ rho: 0.1 })]);
  expect(perturbed.draw).toBe(plain.draw);
  expect(perturbed.averages).toEqual(plain.averages);
  expect(perturbed.numbers.find(({ name }) => name === 'gradient.evaluations')?.value).toBe(2);
  await train([twice]);
  expect(losses[1]).toBe(losses[0]);
});

async function withStream<T>(seed: number, f: () => Promise<T>): Promise<T> {
  const original = Math.random;
  Math.random = random(seed);
  try {
    return await f();
  } finally {
    Math.random = original;
  }
}

test('a seed makes dropout the same in two runs whatever Math.random does', async () => {
  const train = async () => {
    const { model, x, y } = convBatchNormDropout();
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    const run = instrument(model, { seed: 5 });
    run.measurements.subscribe();
    for (let i = 0; i < 3; i++) await model.trainOnBatch(x, y);
    await run.stop();
    return weightsOf(model);
  };
  expect(await train()).toEqual(await train());
});

test('a model compiled again is followed to its new optimizer', async () => {
  const { model, x, y } = compiled();
  const run = instrument(model, {});
  let steps = 0;
  run.steps.subscribe(() => steps++);
  await model.trainOnBatch(x, y);
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  await model.trainOnBatch(x, y);
  expect(steps).toBe(2);
  await run.stop();
  await model.trainOnBatch(x, y);
  expect(steps).toBe(2);
});

test('stop gives model and optimizer back as they were, and may be called again', async () => {
  const { model, optimizer } = compiled();
  const inner = (model as unknown as { model: object }).model;
  const before = [model, inner, optimizer].map((o) => Object.getOwnPropertyNames(o));
  const run = instrument(model, { interventions: [sam()] });
  await Promise.all([run.stop(), run.stop()]);
  expect([model, inner, optimizer].map((o) => Object.getOwnPropertyNames(o))).toEqual(before);
  await instrument(model, {}).stop();
});

test('the steps tell epoch, index, loss and gradient, and an ended step says so', async () => {
  const { model, x, y } = compiled();
  const run = instrument(model, {});
  const seen: number[][] = [];
  let kept: Step | undefined;
  run.steps.subscribe((step) => {
    seen.push([step.index, step.epoch, step.plain().loss.dataSync()[0]! - step.applied.loss.dataSync()[0]!]);
    kept = step;
  });
  await model.fit(x, y, { batchSize: 12, epochs: 2, verbose: 0 });
  await run.stop();
  expect(seen).toEqual([[0, 0, 0], [1, 0, 0], [2, 1, 0], [3, 1, 0]]); // biome-ignore format: a table
  expect(() => kept!.plain()).toThrow('step 3 has ended');
});

test('a run stopped within fit writes nothing to a closed sink, and fit goes on', async () => {
  const { model, x, y } = mlp();
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['acc'] });
  let closed = false;
  const late: string[] = [];
  const write = (batch: readonly Measurement[]) => {
    if (closed) late.push(...batch.map(({ name }) => name));
  };
  const close = () => {
    closed = true;
  };
  const run = instrument(model, { sinks: [{ name: 'sink', write, close }] });
  const onBatchEnd = (batch: number) => (batch === 0 ? run.stop() : Promise.resolve());
  const { epoch } = await model.fit(x, y, { epochs: 2, batchSize: 8, verbose: 0, callbacks: { onBatchEnd } });
  expect([closed, late, epoch.length]).toEqual([true, [], 2]);
});

test('the epoch of a step is that of fit, which may begin late and begin anew', async () => {
  const { model, x, y } = compiled();
  const run = instrument(model, {});
  const seen: number[] = [];
  run.steps.subscribe(({ epoch }) => seen.push(epoch));
  await model.fit(x, y, { batchSize: 24, initialEpoch: 3, epochs: 5, verbose: 0 });
  await model.fit(x, y, { batchSize: 24, epochs: 2, verbose: 0 });
  await run.stop();
  expect(seen).toEqual([3, 4, 0, 1]);
});

test('what fit logs after an epoch comes out as measurements', async () => {
  const { model, x, y } = mlp();
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const run = instrument(model, {});
  const names = new Set<string>();
  run.measurements.subscribe(({ name }) => names.add(name));
  const { history } = await model.fit(x, y, { epochs: 1, validationData: [x, y], verbose: 0 });
  await run.stop();
  expect(Object.keys(history)).toEqual(expect.arrayContaining(['loss', 'acc', 'val_loss', 'val_acc']));
  expect([...names]).toEqual(expect.arrayContaining(['train.acc', 'validation.loss', 'validation.acc']));
});

test('the callbacks of the user are called as before, plain ones and instances', async () => {
  for (const early of [false, true]) {
    const { model, x, y } = compiled(tf.train.sgd(0));
    const run = instrument(model, {});
    let epochs = 0;
    const stopper = layers.callbacks.earlyStopping({ monitor: 'loss', patience: 1 });
    const callbacks = early ? [stopper] : { onEpochEnd: async () => void epochs++ };
    const { epoch } = await model.fit(x, y, { epochs: 5, verbose: 0, callbacks });
    await run.stop();
    expect(early ? epoch.length : epochs).toBe(early ? 2 : 5);
  }
});

test('no log is read back at a batch for our sake', async () => {
  const { model, x, y } = compiled();
  const run = instrument(model);
  const read = vi.spyOn(tf.Tensor.prototype, 'data');
  const readsOf = async (batchSize: number) => {
    read.mockClear();
    await model.fit(x, y, { batchSize, epochs: 1, shuffle: false, verbose: 0 });
    return read.mock.calls.length;
  };
  expect(await readsOf(4)).toBe(await readsOf(24));
  read.mockRestore();
  await run.stop();
});

test('a probe that throws is three failures and one more when it is switched off, and training is the same', async () => {
  const base = compiled();
  await base.fit(6);
  const { model, fit } = compiled();
  const broken = probeOf('broken', () => {
    throw new Error('no luck');
  });
  const run = instrument(model, { metrics: [[broken, every(1)]] });
  const failures: Failure[] = [];
  run.failures.subscribe((failure) => failures.push(failure));
  await fit(6);
  await run.stop();
  expect(failures.map(({ source, step, off }) => [source, step, off])).toEqual([
    ['broken', 0, false],
    ['broken', 1, false],
    ['broken', 2, false],
    ['broken', 2, true],
  ]);
  expect(failures[0]!.error.message).toBe('no luck');
  expect(weightsOf(model)).toEqual(weightsOf(base.model));
});

test('a report that throws is a failure of the run, and training goes on', async () => {
  const { model, fit } = compiled();
  const boasting: Intervention = (next) => (objective) => ({
    ...next(objective),
    report: {
      boast: () => {
        throw new Error('nothing to say');
      },
    },
  });
  const run = instrument(model, { interventions: [boasting], sinks: [{ name: 'none', write() {} }] });
  const failures: string[] = [];
  run.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
  await fit(2);
  await run.stop();
  expect(failures).toEqual(['run: nothing to say', 'run: nothing to say']);
});

test('a sink that throws in every one of its methods never reaches training', async () => {
  const { model, fit } = compiled();
  const fail = (): never => {
    throw new Error('full');
  };
  const sink: Sink = { name: 'broken', open: fail, write: fail, failure: fail, end: fail, close: fail };
  const good: Measurement[] = [];
  const run = instrument(model, { sinks: [sink, { name: 'good', write: (batch) => void good.push(...batch) }] });
  const off: Failure[] = [];
  run.failures.subscribe((failure) => off.push(failure));
  await fit(4);
  await run.stop();
  expect(off.filter((failure) => failure.off)).toHaveLength(1);
  expect(good.filter(({ name }) => name === 'train.loss')).toHaveLength(4);
});

test('a loss that turns NaN reaches the optimizer as without us, is counted, and is a failure of the probes', async () => {
  const poisoned = async (watched: boolean) => {
    const { model, x, y } = compiled();
    const bad = tf.fill(y.shape, Number.NaN);
    const failures: string[] = [];
    const counts: unknown[] = [];
    const run = watched
      ? instrument(model, { metrics: [[probeOf('loss', (s) => s.applied.loss.dataSync()[0]!), every(1)]] })
      : undefined;
    run?.failures.subscribe(({ source }) => failures.push(source));
    run?.measurements.subscribe(({ name, value }) => name === 'nonfinite.count' && counts.push(value));
    await model.trainOnBatch(x, y);
    await model.trainOnBatch(x, bad);
    await run?.stop();
    return { weights: weightsOf(model), failures, counts };
  };
  const [alone, watched] = [await poisoned(false), await poisoned(true)];
  expect(watched.weights).toEqual(alone.weights);
  expect(watched.failures).toEqual(['loss']);
  expect(watched.counts).toEqual([2]);
});

test('an intervention that throws restores the weights and throws to the loop', async () => {
  const { model, x, y } = compiled();
  let calls = 0;
  const failing: Intervention = (next) => (objective) => {
    if (++calls === 2) throw new Error('second gradient');
    return next(objective);
  };
  const before = weightsOf(model);
  const run = instrument(model, { interventions: [sam(), failing] });
  await expect(model.trainOnBatch(x, y)).rejects.toThrow('second gradient');
  expect(weightsOf(model)).toEqual(before);
  await run.stop();
});

test('a model that is not compiled is refused', () => {
  expect(() => instrument(mlp().model)).toThrow('the model is not compiled; call model.compile({ optimizer, loss })');
});

test.each([undefined, null, {}, 'model'])('what is neither a model nor an optimizer is refused: %s', (target) => {
  expect(() => instrument(target as never)).toThrow('it takes a LayersModel of tfjs-layers 4.22');
});

test('compiling again in vain leaves the run in place', async () => {
  const { model, x, y } = compiled();
  const run = instrument(model, {});
  let steps = 0;
  run.steps.subscribe(() => steps++);
  expect(() => model.compile({ optimizer: 'adam', loss: 'no such loss' })).toThrow();
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });
  await model.trainOnBatch(x, y);
  await run.stop();
  expect(steps).toBe(1);
});

test('the logits of a teacher that is not compiled are those before its softmax', () => {
  const { model, x } = mlp();
  const z = logits(model)(x);
  const [probabilities, expected] = [tf.softmax(z), model.predict(x) as tf.Tensor].map((t) => [...t.dataSync()]);
  probabilities!.forEach((p, i) => expect(p).toBeCloseTo(expected![i]!, 6));
});

test('instrumenting a model, or its optimizer, a second time is refused', async () => {
  const { model, optimizer } = compiled();
  const run = instrument(model, {});
  expect(() => instrument(model, {})).toThrow('already instrumented');
  expect(() => instrument(optimizer, {})).toThrow('already instrumented');
  await run.stop();
  await instrument(optimizer, {}).stop();
});

test('an option that does not exist is refused, and those that do are named', () => {
  const { model } = compiled();
  const misspelt = { intervention: [sam()] } as object;
  expect(() => instrument(model, misspelt)).toThrow(
    /there is no option 'intervention'; there are interventions, metrics/,
  );
});

test('no sink is opened for a run that a state does not fit', async () => {
  const { model } = compiled();
  const other = compiled(tf.train.adam(0.1));
  const run = instrument(other.model, {});
  const state = run.state();
  await run.stop();
  const told: string[] = [];
  const sink: Sink = { name: 's', open: () => told.push('open'), write() {} };
  expect(() => instrument(model, { sinks: [sink], state })).toThrow();
  expect(told).toEqual([]);
  await instrument(model, {}).stop();
});

test('a layer that does not exist is refused, and those that do are named', () => {
  const { model } = compiled();
  const metric = probeOf('rank', () => 0, { needs: { features: ['conv9'] } });
  expect(() => instrument(model, { metrics: [[metric, every(1)]] })).toThrow(
    /rank: there is no layer 'conv9'; there are .*hidden, head/,
  );
  expect(() => instrument(model, {})).not.toThrow();
});

test('an intervention that is listed without a call is found out at the first step, and the weights stay', async () => {
  const { model, fit } = compiled();
  const before = weightsOf(model);
  const run = instrument(model, { interventions: [sam as unknown as Intervention] });
  await expect(fit(1)).rejects.toThrow('is one listed uncalled, as sam for sam()?');
  expect(weightsOf(model)).toEqual(before);
  await run.stop();
});

test('a metric without its schedule is refused, and leaves the model free', async () => {
  const { model } = compiled();
  const metric = [probeOf('p', () => 0)];
  expect(() => instrument(model, { metrics: [metric as never] })).toThrow(
    'metrics[0] must be a pair [probe, schedule]',
  );
  await instrument(model).stop();
});

test('a probe set that does not fit the model is refused with both shapes', () => {
  const { model } = compiled();
  const on = { x: tf.zeros([4, 5]), y: tf.zeros([4, 3]) };
  expect(() => instrument(model, { metrics: [[probeOf('p', () => 0, { on }), every(1)]] })).toThrow(
    'p: on.x must have the shape [batch, 6], got [4, 5]',
  );
});

test.each([
  ['of other classes', () => tf.zeros([4, 5])],
  ['that the loss would broadcast', () => tf.zeros([4, 1])],
  ['of too low a rank', () => tf.zeros([4])],
])('a probe set with targets %s is refused, whatever the loss', async (_, targets) => {
  const { model, x, y } = mlp();
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const [few, fit] = [tf.slice(x, [0, 0], [4, 6]), tf.slice(y, [0, 0], [4, 3])];
  const on = (y: tf.Tensor) => ({ metrics: [[probeOf('p', () => 0, { on: { x: few, y } }), every(1)]] as const });
  const wrong = targets();
  const before = tf.memory().numTensors;
  expect(() => instrument(model, on(wrong))).toThrow(/^p: on.y must be such as fit takes, which says: .*\[4,/);
  expect(tf.memory().numTensors).toBe(before);
  await instrument(model, on(fit)).stop();
});

test('a probe that needs outputs is refused by a minimize loop, with the remedy', async () => {
  const metric = probeOf('nme.trace', () => 0, { needs: { outputs: true } });
  const optimizer = tf.train.sgd(0.1);
  expect(() => instrument(optimizer, { metrics: [[metric, every(1)]] })).toThrow(
    /nme.trace needs the outputs of the model, which optimizer.minimize.* does not offer; instrument the model instead/,
  );
  await instrument(optimizer, { metrics: [[metric, every(1)]], offers: ['outputs'] }).stop();
});

test('run.minimize trains on outputs and their loss, and says what an objective lacks', async () => {
  const w = tf.variable(tf.tensor2d([[1], [2]]));
  const x = tf.tensor2d([[1, 0], [0, 1]]); // biome-ignore format: a matrix
  const optimizer = tf.train.sgd(0.5);
  const seen: number[] = [];
  const metric = probeOf('outputs', ({ objective }) => objective.outputs!()[0]!.dataSync()[1]!, {
    needs: { outputs: true },
  });
  const run = instrument(optimizer, { metrics: [[metric, every(1)]], offers: ['outputs'] });
  run.measurements.subscribe(({ name, value }) => name === 'outputs' && seen.push(value as number));
  const objective = {
    params: [w],
    outputs: () => [tf.matMul(x, w)],
    outputLoss: ([z]: readonly tf.Tensor[]) => tf.div(tf.sum(tf.square(z!)), 2) as tf.Scalar,
  };
  expect(run.minimize(objective).dataSync()[0]).toBe(2.5);
  run.minimize(objective);
  expect([...w.dataSync()]).toEqual([0.25, 0.5]);
  expect(seen).toEqual([2, 1]);
  const { value, grads } = run.gradients(objective);
  expect([value.dataSync()[0], ...grads[w.name]!.dataSync()]).toEqual([0.15625, 0.25, 0.5]);
  expect(() => run.minimize({ loss: () => tf.sum(w) as tf.Scalar })).toThrow('has no outputs and outputLoss');
  await run.stop();
});

test('logits of a model with a softmax are those before it', async () => {
  const { model, x, y } = compiled();
  const run = instrument(model, {});
  const seen: { softmax: number[]; outputLoss: number; loss: number }[] = [];
  run.steps.subscribe(({ objective }) => {
    const z = objective.outputs!();
    const [outputLoss, loss] = [objective.outputLoss!(z), objective.loss()].map((t) => t.dataSync()[0]!);
    seen.push({ softmax: [...tf.softmax(z[0]!).dataSync()], outputLoss: outputLoss!, loss: loss! });
  });
  const probabilities = [...(model.predict(x) as tf.Tensor).dataSync()];
  await model.trainOnBatch(x, y);
  await run.stop();
  expect(seen).toHaveLength(1);
  seen[0]!.softmax.forEach((p, i) => expect(p).toBeCloseTo(probabilities[i]!, 6));
  expect(seen[0]!.outputLoss).toBeCloseTo(seen[0]!.loss, 6);
});

test('an intervention that asks for outputs first still leaves fit its metrics', async () => {
  const train = async (interventions: Intervention[]) => {
    const { model, x, y } = mlp();
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    const run = instrument(model, { interventions });
    const before = tf.memory().numTensors;
    const { history } = await model.fit(x, y, { epochs: 3, shuffle: false, batchSize: 8, verbose: 0 });
    await run.stop();
    return { history, left: tf.memory().numTensors - before };
  };
  const outputsFirst: Intervention = (next) => (objective) =>
    next({ ...objective, loss: () => objective.outputLoss!(objective.outputs!()) });
  const [plain, changed] = [await train([]), await train([outputsFirst])];
  expect(changed.left).toBe(plain.left);
  expect(changed.history.acc).toEqual(plain.history.acc);
});
