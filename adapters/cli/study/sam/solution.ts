import { dispose, tidy } from '@tensorflow/tfjs-core';
import { every } from '../../../../src/core/every.js';
import { measureOnce } from '../../../../src/core/measureOnce.js';
import type { Batch } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import type { Quantity } from '../../../../src/core/watching.js';
import { sam } from '../../../../src/interventions/sam.js';
import { samSharpness } from '../../../../src/metrics/samSharpness.js';
import { topEigenvalue } from '../../../../src/metrics/topEigenvalue.js';
import { accuracy } from '../digits/accuracy.js';
import { type FitOptions, fit } from '../digits/fit.js';
import { CLASSES, noisyDigits, PIXELS } from '../digits/noisyDigits.js';
import type { Measured, Trial } from '../experiment.js';
import { type Mlp, mlp } from './mlp.js';

/** How large: so many digits to train on, widths of the hidden layers, how often and in what batches. */
export interface Size extends Pick<FitOptions, 'epochs' | 'batchSize'> {
  readonly examples: number;
  readonly hidden: readonly number[];
}

export const FULL_SIZE: Size = { examples: 500, hidden: [64, 64], epochs: 60, batchSize: 50 };

/** A share of labels that is wrong, and how a network is trained on them; ρ = 0 is momentum alone. */
export interface Setting extends Pick<FitOptions, 'learningRate'> {
  readonly noise: number;
  readonly rho: number;
}

export const ACCURACY = 'test.accuracy';
export const SEEN = 'train.accuracy';
export const TOP = 'hessian.top_eigenvalue';
export const LOSS = 'train.loss';
export const SHARPNESS = 'sharpness.sam';

/** What is told of a solution: the first on digits it has not seen, the others on those it was trained on, with their labels. */
export const QUANTITIES: readonly Quantity[] = [ACCURACY, SEEN, LOSS, TOP, SHARPNESS].map((name) => ({
  name,
  unit: '1',
}));

/** Of `sharpness.sam`, whatever the training: far enough to leave what is linear in the loss. */
const SHARPNESS_RHO = 0.5;

/** What training comes to. A seed gives the digits, which are mislabelled, the first weights, and the order of the batches. */
export function solution({ noise, rho, learningRate }: Setting, size: Size, { seed, sinks }: Trial): Measured {
  const { examples, hidden, epochs, batchSize } = size;
  return tidy(() => {
    const { train, test } = noisyDigits(examples, noise, seed);
    const network = mlp(random(seed, 2), [PIXELS, ...hidden, CLASSES]);
    fit(network.on, train, {
      interventions: [sam({ rho })],
      offers: ['outputs', 'batch'],
      metrics: [
        [samSharpness({ rho: SHARPNESS_RHO, on: train }), every(50)],
        [topEigenvalue({ on: train }), every(200)],
      ],
      ...{ learningRate, epochs, batchSize, seed, sinks },
    });
    const values = {
      [ACCURACY]: accuracy(network.logits, test),
      [SEEN]: accuracy(network.logits, train),
      ...sharpness(network, train),
    };
    dispose([...network.params]);
    return values;
  });
}

/** What is trained and measured, in a sentence and another; `labels` says how many are wrong. */
export const described = ({ examples, hidden, epochs, batchSize }: Size, labels: string): string =>
  `A network ${[PIXELS, ...hidden, CLASSES].join('-')} with ReLU, ${epochs} epochs on ${examples} digits, ${labels}, in batches of ` +
  `${batchSize}. λ_max and sharpness.sam, at ρ ${SHARPNESS_RHO}, are of those digits and labels.`;

function sharpness({ on }: Mlp, data: Batch): Measured {
  const objective = on(data);
  const probes = [topEigenvalue({ tolerance: 1e-3, until: 'residual' }), samSharpness({ rho: SHARPNESS_RHO })];
  const { measurements, failures } = measureOnce(objective, probes, { now: () => performance.now() });
  if (failures.length > 0) throw failures[0]!.error;
  const named = (name: string): number => measurements.find((m) => m.name === name)!.value as number;
  return { [LOSS]: objective.loss().dataSync()[0]!, [TOP]: named(TOP), [SHARPNESS]: named(SHARPNESS) };
}
