import {
  image,
  oneHot,
  randomNormal,
  randomUniform,
  slice,
  type Tensor,
  type Tensor4D,
  train,
} from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { studentNetwork } from '../../adapters/cli/demoNetworks.js';
import { digitTensors } from '../../adapters/cli/digitTensors.js';
import { instrument } from '../../adapters/tfjs/instrument.js';
import { every } from '../../src/core/every.js';
import type { Intervention } from '../../src/core/intervention.js';
import { lookSam } from '../../src/interventions/lookSam.js';
import { sam } from '../../src/interventions/sam.js';
import { sometimes } from '../../src/interventions/sometimes.js';
import { pairs, ratios } from './pairs.js';
import { median, type Row, row } from './row.js';

/**
 * What SAM and its cheaper forms cost, in plain steps.
 *
 * The cheaper ones are measured where a step is computing more than calling kernels: a quarter of 64 images of 8×8 pixels
 * takes TensorFlow 0.9 of the time of all.
 */
export function instrumentSam(): Row[] {
  const [small, large] = [firstDigits(64), enlarged(firstDigits(256))];
  const onDemo = 'on the demo convnet, 64 images of 8×8,';
  const onLarge = 'on a convnet, 256 images of 28×28,';
  const quarter = () => sam({ ascentFraction: 1 / 4 });
  const fifth = () => sometimes(every(INTERVAL), sam());
  return [
    against(`sam ${onDemo} in plain steps`, studentNetwork, small, () => sam(), 2.1, { pairs: 400 }),
    against(`its ascent on a quarter, ${onLarge} in plain steps`, convnet, large, quarter, 1.4, { pairs: 60 }),
    against(`on every fifth step, ${onLarge} in plain steps`, convnet, large, fifth, 1.25, {
      pairs: 20,
      steps: INTERVAL,
    }),
    against(`lookSam ${onLarge} in plain steps`, convnet, large, () => lookSam(), 1.3, { pairs: 20, steps: INTERVAL }),
    against('sam on an MLP 64-64-64-10, in plain steps', mlp, noise(64), () => sam(), 2.5, { pairs: 2000 }),
  ];
}

const INTERVAL = 5;

interface Data {
  readonly x: Tensor;
  readonly y: Tensor;
}

function firstDigits(n: number): Data {
  const { train: digits } = digitTensors();
  return { x: slice(digits.x as Tensor, 0, n), y: slice(digits.y as Tensor, 0, n) };
}

const enlarged = ({ x, y }: Data): Data => ({ x: image.resizeBilinear(x as Tensor4D, [28, 28]), y });

const noise = (n: number): Data => ({ x: randomNormal([n, 64]), y: oneHot(randomUniform([n], 0, 10, 'int32'), 10) });

/** 16 and 32 filters of 3×3, each with ReLU and max pooling, and a dense layer. */
const convnet = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });

const mlp = (): LayersModel =>
  sequential({
    layers: [
      layers.dense({ inputShape: [64], units: 64, activation: 'relu' }),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });

/** The median over pairs of runs of so many steps: of as many as an interval has, for what differs from step to step. */
function against(
  name: string,
  make: () => LayersModel,
  data: Data,
  intervention: () => Intervention,
  bound: number,
  { pairs: n, steps = 1 }: { readonly pairs: number; readonly steps?: number },
): Row {
  const [plain, changed] = [make(), make()].map((model) => {
    model.compile({ optimizer: train.sgd(0.01), loss: 'categoricalCrossentropy' });
    return model;
  }) as [LayersModel, LayersModel];
  instrument(changed, { interventions: [intervention()] });
  const run = (model: LayersModel) => (): void => {
    for (let i = 0; i < steps; i++) stepOf(model, data);
  };
  return row(name, '1', median(ratios(pairs(n, run(plain), run(changed), Math.ceil(20 / steps)))), bound);
}

/** One training step, synchronously: what `trainOnBatch` does before it answers. */
function stepOf(model: LayersModel, { x, y }: Data): void {
  const inner = (model as unknown as { model?: LayersModel }).model ?? model;
  const train = (inner as unknown as { makeTrainFunction(): (data: Tensor[]) => Tensor[] }).makeTrainFunction();
  for (const t of train([x, y])) {
    t.dataSync();
    t.dispose();
  }
}
