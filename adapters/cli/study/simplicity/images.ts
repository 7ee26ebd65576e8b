import { abs, argMax, dispose, equal, max, mean, sub, type Tensor, tidy, train } from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { every } from '../../../../src/core/every.js';
import type { Batch } from '../../../../src/core/objective.js';
import { gramRank } from '../../../../src/metrics/gramRank.js';
import { weightRank } from '../../../../src/metrics/weightRank.js';
import { instrument } from '../../../tfjs/instrument.js';
import { measure } from '../../../tfjs/measure.js';
import { collapse } from '../../../tfjs/models/collapse.js';
import { overparameterize } from '../../../tfjs/models/overparameterize.js';
import { digits, splitDigits } from '../../data/digits.js';
import { tensorsOf } from '../../digitTensors.js';
import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import type { Experiment, Trial } from '../experiment.js';
import type { Findings } from '../findings.js';

/** How large: so many images to train on, so often. */
export interface ImagesSize {
  readonly examples: number;
  readonly epochs: number;
  readonly depths: readonly number[];
}

export const IMAGES_SIZE: ImagesSize = { examples: 250, epochs: 40, depths: [1, 2, 4] };

const GRAM = 'gram.effective_rank';
const WEIGHTS = 'weights.effective_rank';
const ACCURACY = 'test.accuracy';
const SEEN = 'train.accuracy';
const APART = 'collapse.error';
const PENULTIMATE = 'dense';
const BATCH = 50;
const LEARNING_RATE = 0.02;
const MOMENTUM = 0.9;
const PROBED = 256;

/**
 * A convolutional network on real digits, every layer a product of so many factors: rank of its penultimate layer, and how
 * many of the digits it has not seen it reads right. Measured on the collapsed network, so that all depths are of one shape.
 */
export function images(size: ImagesSize): Experiment {
  const { examples, epochs, depths } = size;
  return {
    name: 'images',
    title:
      `A convolutional network, each layer a product of depth factors, on ${examples} digits of 8 × 8 pixels, ${epochs} epochs; ` +
      'ranks are of the penultimate layer.',
    claim: 'Linear over-parameterization of every layer lowers the rank of the features and improves accuracy.',
    quantities: [
      { name: GRAM, unit: '{dimension}' },
      { name: WEIGHTS, unit: '{dimension}' },
      { name: ACCURACY, unit: '1' },
      { name: SEEN, unit: '1' },
      { name: APART, unit: '1' },
    ],
    conditions: crossed({ depth: depths }),
    baseline: () => ({ depth: depths[0]! }),
    measure: ({ depth }, trial) => trained(depth as number, size, trial),
    judge: (findings) => judge(findings, depths),
  };
}

async function trained(depth: number, { examples, epochs }: ImagesSize, { seed, sinks }: Trial) {
  const all = digits();
  const parts = splitDigits(all, 1 - examples / all.count, seed);
  const [seen, unseen, probed] = [tensorsOf(parts.train), tensorsOf(parts.test), tensorsOf(parts.test, PROBED)];
  const plain = network();
  const model = overparameterize(plain, { depth, seed });
  const optimizer = train.momentum(LEARNING_RATE / Math.sqrt(depth), MOMENTUM);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const watched = [[gramRank({ layers: [PENULTIMATE], on: probed }), every(10)]] as const;
  const run = instrument(model, sinks.length > 0 ? { sinks, metrics: watched } : {});
  await model.fit(seen.x as Tensor, seen.y as Tensor, { epochs, batchSize: BATCH, shuffle: false, verbose: 0 });
  await run.stop();
  const collapsed = collapse(model);
  const values = {
    ...ranks(collapsed, probed),
    [ACCURACY]: accuracy(collapsed, unseen),
    [SEEN]: accuracy(collapsed, seen),
    [APART]: apart(model, collapsed, probed),
  };
  for (const { x, y } of [seen, unseen, probed]) dispose([x, y] as Tensor[]);
  for (const made of [plain, model, collapsed]) made.dispose();
  optimizer.dispose();
  return values;
}

const network = (): LayersModel =>
  sequential({
    layers: [
      layers.conv2d({ inputShape: [8, 8, 1], filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 32, activation: 'relu', name: PENULTIMATE }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  });

function ranks(model: LayersModel, on: Batch): Record<string, number> {
  // Only the loss matters; an optimizer has to be named.
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
  const metrics = [
    gramRank({ layers: [PENULTIMATE] }),
    weightRank({ only: ({ name }) => name.startsWith(`${PENULTIMATE}/`) }),
  ];
  const { measurements, failures } = measure(model, { on, metrics });
  if (failures.length > 0) throw failures[0]!.error;
  const named = (name: string): number => measurements.find((m) => m.name === name)!.value as number;
  return { [GRAM]: named(GRAM), [WEIGHTS]: named(WEIGHTS) };
}

const accuracy = (model: LayersModel, { x, y }: Batch): number =>
  tidy(() => {
    const [found, right] = [model.predict(x as Tensor) as Tensor, y as Tensor].map((t) => argMax(t, -1));
    return mean(equal(found!, right!)).dataSync()[0]!;
  });

/** The largest difference of two outputs, which are probabilities. */
const apart = (a: LayersModel, b: LayersModel, { x }: Batch): number =>
  tidy(() => max(abs(sub(a.predict(x as Tensor) as Tensor, b.predict(x as Tensor) as Tensor))).dataSync()[0]!);

function judge(findings: Findings, depths: readonly number[]): Criterion[] {
  const [shallow, deep] = [depths[0]!, depths.at(-1)!];
  const deeper = (quantity: string) => findings.difference(quantity, { depth: deep }, { depth: shallow });
  const worst = Math.max(...depths.flatMap((depth) => findings.values(APART, { depth })));
  const least = Math.min(...depths.flatMap((depth) => findings.values(SEEN, { depth })));
  return [
    criterion('collapsed networks are the same functions: largest difference', { value: worst }, '<=', 1e-5),
    criterion(`every network fits its digits: the least ${SEEN}`, { value: least }, '>=', 0.99),
    criterion(`${WEIGHTS} is lower at depth ${deep} than ${shallow}, digits`, deeper(WEIGHTS), '<', 0),
    criterion(`${GRAM} is lower at depth ${deep} than ${shallow}, digits`, deeper(GRAM), '<', 0),
    criterion(`${ACCURACY} is higher at depth ${deep} than ${shallow}, digits`, deeper(ACCURACY), '>', 0),
  ];
}
