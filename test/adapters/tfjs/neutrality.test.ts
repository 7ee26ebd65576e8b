import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import { type InstrumentOptions, instrument } from '../../../adapters/tfjs/index.js';
import { random } from '../../../src/core/random.js';
import type { Batch, Probe } from '../../../src/index.js';
import * as sharpstream from '../../../src/index.js';
import { convBatchNormDropout, weightsOf } from '../../models.js';

const { every } = sharpstream;

/** Evaluates everything an objective offers, and draws noise of its own. */
const restless: Probe = {
  name: 'restless',
  measures: [{ name: 'restless', unit: '1' }],
  measure({ objective, plain, params }) {
    plain();
    objective.outputs!();
    objective.withMode!('inference').loss();
    objective.withBatch!(objective.batch!).loss();
    objective.features!(['hidden']);
    const { value } = tf.variableGrads(objective.loss, [...params]);
    return [{ name: 'restless', value: value.dataSync()[0]! + tf.randomNormal([1]).dataSync()[0]! }];
  },
};

/** Every probe there is: on data of its own, on the step's, in inference and in training mode. */
function everyProbe(on: Batch): Probe[] {
  const teacher = (x: Batch['x']) => tf.slice(tf.reshape(x as tf.Tensor, [-1, 64]), [0, 0], [-1, 3]);
  const measured = [{ on }, {}, { mode: 'training' } as const].flatMap((conditions) => [
    sharpstream.topEigenvalue({ ...conditions, maxProducts: 5 }),
    sharpstream.bottomEigenvalue({ ...conditions, maxProducts: 5 }),
    sharpstream.gaussNewtonTopEigenvalue({ ...conditions, maxProducts: 2 }),
    sharpstream.penaltyTopEigenvalue({ ...conditions, maxProducts: 2 }),
    sharpstream.penaltyTrace({ ...conditions, samples: 2 }),
    sharpstream.rayleighGradient(conditions),
    sharpstream.nmeAlongGradient(conditions),
    sharpstream.hessianTrace({ ...conditions, samples: 2 }),
    sharpstream.gaussNewtonTrace({ ...conditions, samples: 2 }),
    sharpstream.nmeTrace({ ...conditions, samples: 2 }),
    sharpstream.nmeNorm({ ...conditions, samples: 2 }),
    sharpstream.nmeShare({ ...conditions, samples: 2 }),
    sharpstream.samSharpness(conditions),
    sharpstream.featureRank(conditions),
    sharpstream.featureSingularValues(conditions),
    sharpstream.gramRank(conditions),
    sharpstream.unitActivity(conditions),
    sharpstream.secondDerivativeDensity(conditions),
    sharpstream.knnError({ k: 2, ...conditions }),
  ]);
  const byDifferences = sharpstream.rayleighGradient({ engine: 'finite-difference' });
  return [
    restless,
    byDifferences,
    sharpstream.hessianSpectralDensity({ steps: 2, draws: 2 }),
    sharpstream.weightRank(),
    sharpstream.gradientNorm(),
    sharpstream.confidence({ teacher, on }),
    ...measured,
  ];
}

/** Trains 20 steps after a first epoch, and tells all that could tell a watched run from an unwatched one. */
async function train(options?: (on: Batch) => InstrumentOptions) {
  const { model, x, y } = convBatchNormDropout();
  const failures: string[] = [];
  const names = new Set<string>();
  return withStream(random(7), async () => {
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    await model.fit(x, y, { batchSize: 8, epochs: 1, verbose: 0 }); // Adam's slots are there from now on
    const before = tf.memory().numTensors;
    const on = { x: tf.clone(x), y: tf.clone(y) };
    const run = options && instrument(model, options(on));
    run?.failures.subscribe(({ source, error }) => failures.push(`${source}: ${error.message}`));
    run?.measurements.subscribe(({ name }) => names.add(name));
    const { history } = await model.fit(x, y, { batchSize: 4, epochs: 5, verbose: 0 });
    await run?.stop();
    tf.dispose(on as unknown as tf.TensorContainer);
    const left = tf.memory().numTensors - before;
    return { told: { weights: weightsOf(model), history, draw: Math.random(), failures, left }, names };
  });
}

async function withStream<T>(draw: () => number, f: () => Promise<T>): Promise<T> {
  const original = Math.random;
  Math.random = draw;
  try {
    return await f();
  } finally {
    Math.random = original;
  }
}

const atEveryStep = (probes: readonly Probe[]) => probes.map((p) => [p, every(1)] as const);

describe.each(['cpu', 'wasm'])('on %s, training a Conv-BatchNorm-dropout network', (backend) => {
  let undo = (): void => {};
  afterAll(() => undo());

  test('is the same bit for bit with nothing on, with the run telling its own numbers, and with every probe at every step', async () => {
    if (backend === 'wasm') undo = repairWasm();
    await tf.setBackend(backend);
    const unwatched = await train();
    expect((await train()).told).toEqual(unwatched.told);

    expect((await train(() => ({}))).told).toEqual(unwatched.told);

    const alone = await train(() => ({ sinks: [{ name: 'none', write() {} }] }));
    expect(alone.told).toEqual(unwatched.told);

    const watched = await train((on) => ({ metrics: atEveryStep(everyProbe(on)) }));
    expect(watched.told).toEqual(unwatched.told);
    expect([...watched.names]).toEqual(
      expect.arrayContaining([
        'restless',
        'hessian.top_eigenvalue',
        'nme.trace',
        'features.rank',
        'features.singular_values',
        'activation.second_derivative_density',
        'knn.error',
        'confidence.slope',
        'hessian.spectral_density',
      ]),
    );
  }, 300_000);
});
