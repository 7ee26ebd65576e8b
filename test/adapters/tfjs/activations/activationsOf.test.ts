import '@tensorflow/tfjs-backend-cpu';
// The initializers of recurrent layers are written in chained ops.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { activationsOf } from '../../../../adapters/tfjs/activations/activationsOf.js';
import { instrument } from '../../../../adapters/tfjs/index.js';
import { innerModel } from '../../../../adapters/tfjs/layersModel.js';
import { withRandom } from '../../../../adapters/tfjs/withRandom.js';
import { every } from '../../../../src/core/every.js';
import type { ChangeActivation } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import { gradientPenalty } from '../../../../src/interventions/gradientPenalty.js';
import { secondDerivativeDensity } from '../../../../src/metrics/secondDerivativeDensity.js';
import { distance, flat, golden } from '../../../golden.js';
import { penaltyMatrixGoldens } from '../../../reference/penaltyMatrices.js';

beforeAll(() => tf.setBackend('cpu'));

const {
  dense,
  conv2d,
  activation,
  leakyReLU,
  elu,
  prelu,
  softmax,
  timeDistributed,
  bidirectional,
  lstm,
  gru,
  flatten,
} = layers.layers;

/** Models with the layers in which activations are found, and an input. */
const models: Record<string, { make: () => layers.LayersModel; shape: number[]; found: string[] }> = {
  'dense and fused ones': {
    make: () => stack([dense({ inputShape: [3], units: 4, activation: 'relu', name: 'fused' }), dense({ units: 4, name: 'linear' }), activation({ activation: 'tanh', name: 'apart' }), dense({ units: 2, activation: 'sigmoid', name: 'head' })]),
    shape: [5, 3],
    found: ['fused', 'apart'],
  },
  'convolutional and activation layers': {
    make: () => stack([conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 3, activation: 'softplus', name: 'conv' }), leakyReLU({ name: 'leaky' }), elu({ name: 'elu' }), prelu({ name: 'prelu' }), flatten(), dense({ units: 3, name: 'logits' }), softmax()]),
    shape: [5, 4, 4, 1],
    found: ['conv', 'leaky', 'elu'],
  },
  'recurrent and wrapped ones': {
    make: () => stack([timeDistributed({ inputShape: [4, 3], layer: dense({ units: 3, activation: 'swish' }), name: 'steps' }), bidirectional({ layer: lstm({ units: 2, returnSequences: true }) as layers.RNN, mergeMode: 'concat', name: 'both' }), gru({ units: 3, name: 'gru' }), dense({ units: 2, activation: 'tanh', name: 'head' })]),
    shape: [5, 4, 3],
    found: ['steps', 'both', 'gru', 'head'],
  },
  'of a nested model': {
    make: () => stack([stack([dense({ inputShape: [3], units: 4, activation: 'selu', name: 'inner' })]), dense({ units: 2, activation: 'softmax' })]),
    shape: [5, 3],
    found: ['inner'],
  },
}; // biome-ignore format: a model a line

const stack = (of: layers.layers.Layer[]): layers.Sequential => layers.sequential({ layers: of });

describe.each(Object.entries(models))('activations %s', (_, { make, shape, found }) => {
  const model = withRandom(random(3), make);
  const activations = activationsOf(innerModel('test', model));
  const output = () => tf.tidy(() => flat([model.predict(tf.fill(shape, 0.7)) as tf.Tensor]));

  test('are found by layer', () => {
    expect(activations.layers).toEqual(found);
  });

  test('are seen with what enters them, and computed as before', () => {
    const seen = new Set<string>();
    const watch: ChangeActivation = (activation, layer) => (x) => {
      seen.add(layer);
      return activation(x);
    };
    const [watched, plain] = [activations.within(watch, output), output()];
    expect(distance(watched, plain)).toBeLessThan(1e-6);
    expect([...seen].sort()).toEqual([...found].sort());
  });

  test('are replaced for a while, one inside the other, and then are what they were', () => {
    const before = output();
    const zero: ChangeActivation = () => (x) => tf.zerosLike(x);
    const [outer, inner] = activations.within(zero, () => [
      output(),
      activations.within((activation) => activation, output),
    ]);
    expect(outer).not.toEqual(before);
    expect(inner).toEqual(outer);
    expect(() => activations.within(zero, () => { throw new Error('within'); })).toThrow('within'); // biome-ignore format: one line
    expect(output()).toEqual(before);
  });
});

test('a gradient penalty with flat activations trains a LayersModel by H ĝ of JAX with φ″ = 0', async () => {
  const network = golden('mlp-tanh');
  const { objective, expected } = network;
  const model = stack([
    dense({ inputShape: [6], units: 8, activation: 'tanh', name: 'hidden1' }),
    dense({ units: 6, activation: 'tanh', name: 'hidden2' }),
    dense({ units: 4, activation: 'softmax', name: 'logits' }),
  ]);
  model.setWeights([...objective.params]);
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const rho = 0.7;
  const run = instrument(model, {
    interventions: [gradientPenalty(rho, { matrix: 'flat-activations' })],
    metrics: [[secondDerivativeDensity({ threshold: 0.25 }), every(1)]],
  });
  const grads: number[] = [];
  const densities: Record<string, number> = {};
  run.steps.subscribe(({ applied }) => grads.push(...flat(Object.values(applied.grads))));
  run.measurements.subscribe(({ name, value, attributes }) => {
    if (name.startsWith('activation')) densities[attributes.layer as string] = value as number;
  });
  const { x, y } = objective.batch as { x: tf.Tensor; y: tf.Tensor };
  await model.trainOnBatch(x, y);
  await run.stop();
  const wanted = expected.gradient.map((g, i) => g + rho * penaltyMatrixGoldens['mlp-tanh'].flatActivations[i]!);
  expect(distance(grads, wanted)).toBeLessThan(1e-5);
  const bent = (layer: string): number => {
    const features = tf.tidy(() => flat(objective.features!([layer])));
    return features.filter((t) => Math.abs(2 * t * (1 - t * t)) > 0.25).length / features.length;
  };
  expect(densities).toEqual({ hidden1: bent('hidden1'), hidden2: bent('hidden2') });
  network.dispose();
});

test('a layer without an activation is refused when the run is made', () => {
  const model = stack([
    dense({ inputShape: [3], units: 4, name: 'linear' }),
    dense({ units: 2, activation: 'tanh', name: 'last' }),
  ]);
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const metrics = [[secondDerivativeDensity({ layers: ['linear'] }), every(1)]] as const;
  expect(() => instrument(model, { metrics })).toThrow(
    "secondDerivativeDensity: there is no activation of a layer 'linear'; there are last",
  );
});

test('a model without activations is refused', () => {
  const model = stack([dense({ inputShape: [3], units: 4 }), dense({ units: 2, activation: 'sigmoid' })]);
  model.compile({ optimizer: 'sgd', loss: 'binaryCrossentropy' });
  expect(() => instrument(model, { metrics: [[secondDerivativeDensity(), every(1)]] })).toThrow(
    'secondDerivativeDensity needs the activations of layers, which model.fit does not offer; leave it out',
  );
});

test('a loop of losses is told how to offer its activations', () => {
  expect(() =>
    instrument(tf.train.sgd(1), { interventions: [gradientPenalty(1, { matrix: 'flat-activations' })] }),
  ).toThrow(/needs the activations of layers, which optimizer.minimize\(\(\) => loss\) does not offer;.*'activations'/);
});
