import {
  oneHot,
  randomNormal,
  randomUniform,
  type Scalar,
  scalar,
  slice,
  square,
  type Tensor,
  train,
  variable,
} from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { studentNetwork } from '../../adapters/cli/demoNetworks.js';
import { digitTensors } from '../../adapters/cli/digitTensors.js';
import { instrument as instrumented } from '../../adapters/tfjs/instrument.js';
import type { InstrumentOptions } from '../../adapters/tfjs/types.js';
import type { Schedule } from '../../src/core/watching.js';
import { sam } from '../../src/interventions/sam.js';
import { gradientNorm } from '../../src/metrics/gradientNorm.js';
import { differences, pairs, ratios } from './pairs.js';
import { type Median, median, type Row, row } from './row.js';

const BATCH = 64;

/**
 * What the wrapper costs when it does nothing, and what SAM costs against a plain step.
 *
 * SAM comes first, as in a program that trains with it: after the other rows, in the same process, the convnet has read
 * up to 2.13 instead of 2.06.
 */
export function instrument(): Row[] {
  return [samOnConvnet(), samOnMlp(), emptyWrapper(), nothingDue(), probeNotDue()];
}

function emptyWrapper(): Row {
  return row('empty wrapper, a step', 'µs', extra(scalarLoop(), scalarLoop({})), 30);
}

/** A step that goes through the run and reaches nobody. */
function nothingDue(): Row {
  return row('active run with one sink, nothing due, a step', 'µs', extra(scalarLoop(), scalarLoop(idle())));
}

function probeNotDue(): Row {
  const metrics = Array.from({ length: PROBES }, () => [gradientNorm(), never] as const);
  const each = extra(scalarLoop(idle()), scalarLoop({ ...idle(), metrics }), PROBES);
  return row('probe that is not due, a step', 'µs', each, 5);
}

const PROBES = 10;
const never: Schedule = { due: () => false };
const idle = (): InstrumentOptions => ({ sinks: [{ name: 'idle', write() {} }], reports: never });

/** A step so small that what is around it shows: one scalar, gradient descent. */
function scalarLoop(options?: InstrumentOptions): () => void {
  const w = variable(scalar(1));
  const optimizer = train.sgd(0.1);
  if (options) instrumented(optimizer, options);
  return () => void optimizer.minimize(() => square(w) as Scalar, false, [w]);
}

/** Microseconds that one step takes longer than the other, shared by `parts`. */
function extra(base: () => void, other: () => void, parts = 1): Median {
  return median(differences(pairs(5000, base, other)).map((ms) => (1000 * ms) / parts));
}

function samOnConvnet(): Row {
  const { train: digits } = digitTensors();
  const [x, y] = [slice(digits.x as Tensor, 0, BATCH), slice(digits.y as Tensor, 0, BATCH)];
  return samAgainstPlain('sam on the demo convnet, in plain steps', studentNetwork, x, y, 400, 2.1);
}

function samOnMlp(): Row {
  const mlp = (): LayersModel =>
    sequential({
      layers: [
        layers.dense({ inputShape: [64], units: 64, activation: 'relu' }),
        layers.dense({ units: 64, activation: 'relu' }),
        layers.dense({ units: 10, activation: 'softmax' }),
      ],
    });
  const y = oneHot(randomUniform([BATCH], 0, 10, 'int32'), 10);
  return samAgainstPlain('sam on an MLP 64-64-64-10, in plain steps', mlp, randomNormal([BATCH, 64]), y, 2000, 2.5);
}

function samAgainstPlain(name: string, make: () => LayersModel, x: Tensor, y: Tensor, n: number, bound: number): Row {
  const [plain, perturbed] = [make(), make()].map((model) => {
    model.compile({ optimizer: train.sgd(0.01), loss: 'categoricalCrossentropy' });
    return model;
  }) as [LayersModel, LayersModel];
  instrumented(perturbed, { interventions: [sam()] });
  const step = (model: LayersModel) => (): void => void stepOf(model, x, y);
  return row(name, '1', median(ratios(pairs(n, step(plain), step(perturbed)))), bound);
}

/** One training step, synchronously: what `trainOnBatch` does before it answers. */
function stepOf(model: LayersModel, x: Tensor, y: Tensor): void {
  const inner = (model as unknown as { model?: LayersModel }).model ?? model;
  const train = (inner as unknown as { makeTrainFunction(): (data: Tensor[]) => Tensor[] }).makeTrainFunction();
  for (const t of train([x, y])) {
    t.dataSync();
    t.dispose();
  }
}
