import {
  type Optimizer,
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
import { sam } from '../../src/interventions/sam.js';
import { differences, pairs, ratios } from './pairs.js';
import { median, type Row, row } from './row.js';

const BATCH = 64;

/** What the wrapper costs when it does nothing, and what SAM costs against a plain step. */
export function instrument(): Row[] {
  return [emptyWrapper(), samOnConvnet(), samOnMlp()];
}

/** A step so small that the wrapper shows: one scalar, gradient descent. */
function emptyWrapper(): Row {
  const stepWith = (optimizer: Optimizer) => {
    const w = variable(scalar(1));
    return (): void => void optimizer.minimize(() => square(w) as Scalar, false, [w]);
  };
  const [plain, wrapped] = [train.sgd(0.1), train.sgd(0.1)];
  instrumented(wrapped, {});
  const microseconds = differences(pairs(5000, stepWith(plain), stepWith(wrapped))).map((ms) => 1000 * ms);
  return row('empty wrapper, a step', 'µs', median(microseconds), 30);
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
