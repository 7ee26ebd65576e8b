import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import { instrument } from '../../../adapters/tfjs/index.js';
import type { Measurement, Mode, Probe } from '../../../src/index.js';
import * as sharpstream from '../../../src/index.js';
import type { Expected } from '../../golden.js';
import { readGolden, type Values } from '../../reference/readGolden.js';

/** The networks of the golden files as people write them: layers, the last with its softmax or sigmoid, and a loss by name. */
const NETWORKS: Readonly<Record<string, { loss: string; make: () => Parameters<typeof sequential>[0] }>> = {
  'mlp-tanh': {
    loss: 'categoricalCrossentropy',
    make: () => ({
      layers: [
        layers.dense({ inputShape: [6], units: 8, activation: 'tanh', name: 'hidden1' }),
        layers.dense({ units: 6, activation: 'tanh', name: 'hidden2' }),
        layers.dense({ units: 4, activation: 'softmax', name: 'logits' }),
      ],
    }),
  },
  'conv-max-pool': {
    loss: 'categoricalCrossentropy',
    make: () => ({
      layers: [
        layers.conv2d({
          inputShape: [6, 6, 2],
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          activation: 'relu',
          name: 'conv',
        }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 3, name: 'logits' }),
        layers.softmax(),
      ],
    }),
  },
  'conv-batch-norm': {
    loss: 'categoricalCrossentropy',
    make: () => ({
      layers: [
        layers.conv2d({
          inputShape: [4, 4, 2],
          filters: 4,
          kernelSize: 3,
          padding: 'same',
          useBias: false,
          name: 'conv',
        }),
        // The pass of the step itself would move the averages, momentum 1 holds them.
        layers.batchNormalization({ name: 'bn', epsilon: 1e-3, momentum: 1 }),
        layers.activation({ activation: 'softplus', name: 'norm' }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 3, activation: 'softmax', name: 'logits' }),
      ],
    }),
  },
};

interface File {
  readonly x: Values;
  readonly y: Values;
  readonly params: Readonly<Record<string, Values>>;
  readonly constants: Readonly<Record<string, Values>>;
  readonly hidden: readonly string[];
  readonly expected: Readonly<Partial<Record<Mode, Expected>>>;
}

const tensor = ({ values, shape }: Values): tf.Tensor => tf.tensor(values, shape);

/** Trains one step that moves nothing, and gives what was measured. */
async function measured(
  name: string,
  mode: Mode,
  probes: readonly Probe[],
): Promise<(quantity: string, layer?: string) => Measurement> {
  const file = readGolden<File>(name);
  const { loss, make } = NETWORKS[name]!;
  const model: LayersModel = sequential(make());
  model.setWeights([...Object.values(file.params), ...Object.values(file.constants)].map(tensor));
  model.compile({ optimizer: tf.train.sgd(0), loss });
  const run = instrument(model, { metrics: probes.map((probe) => [probe, sharpstream.every(1)]), seed: 1 });
  const all: Measurement[] = [];
  const failures: unknown[] = [];
  run.measurements.subscribe((m) => all.push(m));
  run.failures.subscribe(({ error }) => failures.push(error));
  await model.trainOnBatch(tensor(file.x), tensor(file.y));
  await run.stop();
  expect(failures).toEqual([]);
  return (quantity, layer) => {
    const found = all.find((m) => m.name === quantity && (!layer || m.attributes.layer === layer));
    if (!found) throw new Error(`${quantity} of ${layer} was not measured in mode ${mode}`);
    return found;
  };
}

const cases = [
  ['mlp-tanh', 'inference'],
  ['conv-max-pool', 'inference'],
  ['conv-batch-norm', 'inference'],
  ['conv-batch-norm', 'training'],
] as const satisfies [string, Mode][];

describe.each(['cpu', 'wasm'])('on %s, fit of a LayersModel measures what JAX says in float64', (backend) => {
  let undo = (): void => {};
  beforeAll(async () => {
    if (backend === 'wasm') undo = repairWasm();
    await tf.setBackend(backend);
  });
  afterAll(() => undo());

  test.each(cases)('of %s in %s mode', async (name, mode) => {
    const file = readGolden<File>(name);
    const expected = file.expected[mode]!;
    const number = await measured(name, mode, [
      sharpstream.topEigenvalue({ mode, tolerance: 1e-4 }),
      sharpstream.hessianTrace({ mode, samples: 'exact' }),
      sharpstream.gaussNewtonTrace({ mode, samples: 'exact' }),
      sharpstream.nmeTrace({ mode, samples: 'exact' }),
      sharpstream.nmeNorm({ mode, samples: 'exact' }),
      sharpstream.samSharpness({ mode, rho: expected.sam.l2.rho }),
      sharpstream.featureRank({ mode }),
      sharpstream.gradientNorm(),
    ]);
    const close = (quantity: string, value: number, relative: number, layer?: string): void => {
      const found = number(quantity, layer).value as number;
      expect(Math.abs(found - value) / Math.abs(value), `${quantity}: ${found} for ${value}`).toBeLessThan(relative);
    };
    close('hessian.top_eigenvalue', expected.hessian.topEigenvalue, 1e-4);
    close('hessian.trace', expected.hessian.trace, 1e-4);
    close('gauss_newton.trace', expected.gaussNewton.trace, 1e-4);
    close('nme.norm', expected.nme.frobenius, 1e-4);
    const scale = Math.abs(expected.hessian.trace) + expected.gaussNewton.trace;
    expect(Math.abs((number('nme.trace').value as number) - expected.nme.trace) / scale).toBeLessThan(1e-4);
    close('sharpness.sam', expected.sam.l2.gap, 1e-3);
    for (const layer of file.hidden.filter((hidden) => hidden !== 'norm')) {
      close('features.rank', expected.features[layer]!.rank, 1e-9, layer);
      close('features.effective_rank', expected.features[layer]!.effectiveRank, 1e-4, layer);
    }
    // The step itself trains in training mode: its gradient is that mode's.
    close('gradient.norm', (file.expected.training ?? expected).gradientNorm, 1e-4);
    expect(number('gradient.self_check').attributes.verdict).toBe('agrees');
  });

  test('of random estimates, within 4 standard errors', async () => {
    const expected = readGolden<File>('mlp-tanh').expected.inference!;
    const samples = 400;
    const number = await measured('mlp-tanh', 'inference', [
      sharpstream.hessianTrace({ samples }),
      sharpstream.gaussNewtonTrace({ samples }),
      sharpstream.nmeTrace({ samples }),
      sharpstream.nmeNorm({ samples }),
    ]);
    for (const [quantity, value] of [
      ['hessian.trace', expected.hessian.trace],
      ['gauss_newton.trace', expected.gaussNewton.trace],
      ['nme.trace', expected.nme.trace],
      ['nme.norm', expected.nme.frobenius],
    ] as const) {
      const { value: found, standardError } = number(quantity);
      expect(Math.abs((found as number) - value)).toBeLessThan(4 * standardError!);
      expect(standardError!).toBeLessThan(0.2 * expected.nme.frobenius);
    }
  });
});
