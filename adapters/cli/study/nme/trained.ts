import { dispose, tidy } from '@tensorflow/tfjs-core';
import { every } from '../../../../src/core/every.js';
import type { Intervention } from '../../../../src/core/intervention.js';
import type { Elementwise, Objective } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import { gaussNewtonTrace } from '../../../../src/metrics/gaussNewtonTrace.js';
import { nmeTrace } from '../../../../src/metrics/nmeTrace.js';
import type { InstrumentOptions } from '../../../tfjs/types.js';
import { accuracy } from '../digits/accuracy.js';
import { fit } from '../digits/fit.js';
import { CLASSES, noisyDigits, PIXELS } from '../digits/noisyDigits.js';
import type { Measured, Trial } from '../experiment.js';
import { network } from './network.js';

/** How large: so many digits to train on, widths of the hidden layers, how often and in what batches. */
export interface TrainingSize {
  readonly examples: number;
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
}

/** What a condition varies. */
export interface Varied {
  readonly activation: Elementwise;
  readonly interventions: readonly Intervention[];
  /** What else is measured on all that it is trained on, before and after. */
  readonly before?: (objective: Objective) => Measured;
  readonly after?: (objective: Objective) => Measured;
}

export const ACCURACY = 'test.accuracy';
export const SEEN = 'train.accuracy';

/** The share of labels that are wrong. */
const NOISE = 0.2;

const LEARNING_RATE = 0.1;

/** On the page the two parts of tr H, on the batch of the step. */
const WATCHED: Pick<Required<InstrumentOptions>, 'offers' | 'metrics'> = {
  offers: ['outputs', 'batch', 'activations'],
  metrics: [gaussNewtonTrace({ samples: 4 }), nmeTrace({ samples: 4 })].map((probe) => [probe, every(25)]),
};

/** `A network 64-64-10 on 500 digits, …`. */
export const described = ({ examples, hidden, epochs, batchSize }: TrainingSize): string =>
  `A network ${[PIXELS, ...hidden, CLASSES].join('-')} on ${examples} digits, ${100 * NOISE} % of them mislabelled, ` +
  `${epochs} epochs in batches of ${batchSize}.`;

/**
 * Trains a network on digits of which a share is mislabelled: how many of those it has not seen, rightly labelled, it reads
 * right, and how well it has learned its labels, wrong ones included.
 */
export function trained(size: TrainingSize, { seed, sinks }: Trial, varied: Varied): Measured {
  const { examples, hidden, epochs, batchSize } = size;
  const { activation, interventions, before = () => ({}), after = () => ({}) } = varied;
  return tidy(() => {
    const { train, test } = noisyDigits(examples, NOISE, seed);
    const { params, logits, on } = network(random(seed, 2), [PIXELS, ...hidden, CLASSES], activation);
    const first = before(on(train));
    fit(on, train, { ...WATCHED, interventions, learningRate: LEARNING_RATE, epochs, batchSize, seed, sinks });
    const last = after(on(train));
    const values = { ...first, [ACCURACY]: accuracy(logits, test), [SEEN]: accuracy(logits, train), ...last };
    dispose([...params]);
    return values;
  });
}
