import { dispose, tidy } from '@tensorflow/tfjs-core';
import { random } from '../../../../src/core/random.js';
import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import { accuracy } from '../digits/accuracy.js';
import { fit } from '../digits/fit.js';
import { CLASSES, noisyDigits, PIXELS } from '../digits/noisyDigits.js';
import { pairedDifference } from '../estimate.js';
import type { Experiment, Measured, Trial } from '../experiment.js';
import type { Findings } from '../findings.js';
import { mlp } from '../sam/mlp.js';
import { FULL, methods, QUARTER } from './methods.js';

/** How large: so many digits to train on, so often. */
export interface OnDigitsSize {
  readonly examples: number;
  readonly epochs: number;
}

export const ON_DIGITS_SIZE: OnDigitsSize = { examples: 500, epochs: 60 };

const PLAIN = 'momentum';
const RHO = 0.4;
const METHODS = methods(PLAIN, RHO);

const ACCURACY = 'test.accuracy';
const SEEN = 'train.accuracy';

/** At {@link ON_DIGITS_SIZE}. */
const REFERENCE: Readonly<Record<string, number>> = { [PLAIN]: 0.643, [FULL]: 0.786, [QUARTER]: 0.74 };

const NOISE = 0.4;
const BATCH = 50;
const LEARNING_RATE = 0.1;

/** Where SAM is known to help much: what is left of that with its ascent on a quarter of the batch. */
export function onDigits(size: OnDigitsSize): Experiment {
  const { examples, epochs } = size;
  return {
    name: 'digits',
    title:
      `A network 64-64-64-10 with ReLU on ${examples} digits, ${NOISE} of which are mislabelled, ${epochs} epochs in batches of ${BATCH}, ` +
      `learning rate ${LEARNING_RATE} to 0, ρ ${RHO}.`,
    claim: 'At 1.25 gradients a step SAM keeps most of what it gains at 2.',
    quantities: [ACCURACY, SEEN].map((name) => ({ name, unit: '1' })),
    conditions: crossed({ method: Object.keys(METHODS) }),
    baseline: () => ({ method: PLAIN }),
    reference: (quantity, { method }) =>
      size === ON_DIGITS_SIZE && quantity === ACCURACY ? REFERENCE[method!] : undefined,
    measure: ({ method }, trial) => trained(method as string, size, trial),
    judge,
  };
}

function trained(method: string, { examples, epochs }: OnDigitsSize, { seed, sinks }: Trial): Measured {
  return tidy(() => {
    const { train, test } = noisyDigits(examples, NOISE, seed);
    const { params, logits, on } = mlp(random(seed, 2), [PIXELS, 64, 64, CLASSES]);
    const interventions = METHODS[method]!();
    const how = { learningRate: LEARNING_RATE, epochs, batchSize: BATCH, seed, sinks };
    fit(on, train, { interventions, offers: ['outputs', 'batch'], metrics: [], ...how });
    const values = { [ACCURACY]: accuracy(logits, test), [SEEN]: accuracy(logits, train) };
    dispose([...params]);
    return values;
  });
}

function judge(findings: Findings): Criterion[] {
  const gain = (method: string) => findings.difference(ACCURACY, { method }, { method: PLAIN });
  const plain = findings.values(ACCURACY, { method: PLAIN });
  const gains = (method: string) => findings.values(ACCURACY, { method }).map((value, i) => value - plain[i]!);
  const kept = pairedDifference(
    gains(QUARTER),
    gains(FULL).map((full) => 0.6 * full),
  );
  return [
    criterion(`${ACCURACY}: ${QUARTER} less ${PLAIN}`, gain(QUARTER), '>=', 0.05),
    criterion(`what ${QUARTER} gains less 0.6 of what ${FULL} gains`, kept, '>=', 0),
  ];
}
