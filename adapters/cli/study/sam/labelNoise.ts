import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import { type Estimate, leastOf, pairedDifference } from '../estimate.js';
import type { Experiment } from '../experiment.js';
import type { Findings } from '../findings.js';
import {
  ACCURACY,
  described,
  FULL_SIZE,
  LOSS,
  QUANTITIES,
  SEEN,
  SHARPNESS,
  type Size,
  solution,
  TOP,
} from './solution.js';

/** What is varied: shares of labels that are wrong, and ρ of SAM, of which the first is 0 and the last judged. */
export interface Varied {
  readonly noises: readonly number[];
  readonly rhos: readonly number[];
}

export const VARIED: Varied = { noises: [0, 0.2, 0.4, 0.6], rhos: [0, 0.4] };

/** At which plain training learns every label by heart. */
const LEARNING_RATE = 0.1;

/** At {@link FULL_SIZE}, by noise and then by ρ. */
const REFERENCE: Readonly<Record<string, readonly (readonly number[])[]>> = {
  [ACCURACY]: [
    [0.96, 0.967],
    [0.823, 0.897],
    [0.651, 0.8],
    [0.448, 0.678],
  ],
  [SEEN]: [
    [1, 1],
    [0.999, 0.917],
    [0.999, 0.794],
    [0.998, 0.619],
  ],
  [LOSS]: [
    [0.0013, 0.0011],
    [0.036, 0.267],
    [0.067, 0.643],
    [0.084, 1.175],
  ],
  [TOP]: [
    [0.234, 0.04],
    [2.35, 0.86],
    [4.02, 1.33],
    [4.44, 1.42],
  ],
  [SHARPNESS]: [
    [0.0016, 0.003],
    [0.021, 0.057],
    [0.037, 0.086],
    [0.052, 0.104],
  ],
};

/**
 * Trains on digits of which a share is mislabelled, with SAM and without it: how many of the digits it has not seen the
 * network reads right, how well it has learned its labels, wrong ones included, and how sharp the solution is.
 */
export function labelNoise(size: Size, varied: Varied): Experiment {
  const { noises, rhos } = varied;
  return {
    name: 'label noise',
    title: `${described(size, 'a share of them mislabelled, noise')} Learning rate ${LEARNING_RATE}.`,
    claim: 'SAM reads more of the unseen right, the more so the more labels are wrong, and its minima are flatter.',
    quantities: QUANTITIES,
    conditions: crossed({ noise: noises, rho: rhos }),
    baseline: ({ noise }) => ({ noise: noise!, rho: 0 }),
    reference: (quantity, { noise, rho }) =>
      size === FULL_SIZE
        ? REFERENCE[quantity]?.[noises.indexOf(noise as number)]?.[rhos.indexOf(rho as number)]
        : undefined,
    measure: (condition, trial) => {
      const { noise, rho } = condition as { noise: number; rho: number };
      return solution({ noise, rho, learningRate: LEARNING_RATE }, size, trial);
    },
    judge: (findings) => judge(findings, varied),
  };
}

function judge(findings: Findings, { noises, rhos }: Varied): Criterion[] {
  const rho = rhos.at(-1)!;
  const values = (quantity: string, noise: number, at: number) => findings.values(quantity, { noise, rho: at });
  const more = (quantity: string, noise: number): Estimate =>
    findings.difference(quantity, { noise, rho }, { noise, rho: 0 });
  const gains = (noise: number): number[] => {
    const plain = values(ACCURACY, noise, 0);
    return values(ACCURACY, noise, rho).map((accuracy, i) => accuracy - plain[i]!);
  };
  const growth = noises.slice(1).map((noise, i) => pairedDifference(gains(noise), gains(noises[i]!)));
  const plain = values(TOP, 0.2, 0);
  const ratios = values(TOP, 0.2, rho).map((top, i) => top / plain[i]!);
  const falls = noises.map((noise) => findings.difference(TOP, { noise, rho: 0 }, { noise, rho }));
  const least = leastOf(noises.map((noise) => more(ACCURACY, noise)));
  return [
    criterion(`${ACCURACY} at noise 0.4: ρ ${rho} less ρ 0`, more(ACCURACY, 0.4), '>=', 0.08),
    criterion(`${ACCURACY} is higher at ρ ${rho}, whatever the noise: least gain`, least, '>', 0),
    criterion(`${ACCURACY} gains more at each step of noise: least growth`, leastOf(growth), '>', 0),
    criterion(`${SEEN}, wrong labels included, at noise 0.4: ρ ${rho} less ρ 0`, more(SEEN, 0.4), '<', 0),
    criterion(`${TOP} at noise 0.2: ρ ${rho} over ρ 0, largest of a seed`, { value: Math.max(...ratios) }, '<=', 0.5),
    criterion(`${TOP} is lower at ρ ${rho}, whatever the noise: least fall`, leastOf(falls), '>', 0),
  ];
}
