import { dispose, matMul, mul, squaredDifference, sum, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { random } from '../../../../src/core/random.js';
import { effectiveRank } from '../../../../src/metrics/spectrum.js';
import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import { leastOf } from '../estimate.js';
import type { Condition, Experiment } from '../experiment.js';
import type { Findings } from '../findings.js';
import { gaussian } from '../randomMatrix.js';
import { FITTED, fit } from './fit.js';
import { endToEnd, linearNetwork } from './linearNetwork.js';
import { singularValues } from './singularValues.js';

/** How large: maps of `[dimension, dimension]`, learned from so many examples. */
export interface TrainingSize {
  readonly dimension: number;
  readonly examples: number;
  readonly ranks: readonly number[];
  readonly depths: readonly number[];
}

export const TRAINING_SIZE: TrainingSize = { dimension: 20, examples: 15, ranks: [1, 5, 20], depths: [1, 2, 4] };

const RANK = 'weights.effective_rank';
const ERROR = 'test.error';
const RESIDUAL = 'train.residual';
const STEPS = 'train.steps';
const TEST_EXAMPLES = 1000;

/** At {@link TRAINING_SIZE}, by rank and then by depth. */
const REFERENCE: Readonly<Record<string, readonly (readonly number[])[]>> = {
  [RANK]: [
    [4.915, 3.873, 2.721],
    [8.819, 7.639, 6.286],
    [14.455, 12.857, 11.494],
  ],
  [ERROR]: [
    [0.526, 0.4, 0.383],
    [0.53, 0.472, 0.461],
    [0.524, 0.532, 0.52],
  ],
};

/**
 * What linear networks learn of Y = X W*, with fewer examples than dimensions, so that many maps fit: the effective rank
 * of the one that training finds, by rank of W* and depth.
 */
export function training(size: TrainingSize): Experiment {
  const { dimension, examples, ranks, depths } = size;
  return {
    name: 'training',
    title:
      `Linear networks ${dimension} × ${dimension}, trained on ${examples} examples of a map of rank ${ranks.join(', ')} ` +
      `until ‖XW − Y‖² < ${FITTED} ‖Y‖²; test.error is ‖X(W − W*)‖²/‖XW*‖² on others.`,
    claim:
      'The bias outlasts training: deeper linear networks find fits of lower rank, better where the target is low.',
    quantities: [
      { name: RANK, unit: '{dimension}' },
      { name: ERROR, unit: '1' },
      { name: RESIDUAL, unit: '1' },
      { name: STEPS, unit: '{step}' },
    ],
    conditions: crossed({ rank: ranks, depth: depths }),
    baseline: ({ rank }) => ({ rank: rank!, depth: depths[0]! }),
    reference: (quantity, { rank, depth }) =>
      size === TRAINING_SIZE
        ? REFERENCE[quantity]?.[ranks.indexOf(rank as number)]?.[depths.indexOf(depth as number)]
        : undefined,
    measure: (condition, { seed, sinks }) => {
      const { rank, depth } = condition as { rank: number; depth: number };
      return tidy(() => {
        const draw = random(seed, rank);
        const target = lowRank(draw, dimension, rank);
        const x = gaussian(draw, [examples, dimension], 1);
        const test = gaussian(draw, [TEST_EXAMPLES, dimension], 1);
        const weights = linearNetwork(draw, dimension, depth);
        const { steps, residual } = fit(weights, { x, y: matMul(x, target) }, sinks);
        const found = endToEnd(weights);
        const error = relativeError(matMul(test, found), matMul(test, target));
        const values = { [RANK]: effectiveRank(singularValues(found)), [ERROR]: error };
        dispose(weights);
        return { ...values, [RESIDUAL]: residual, [STEPS]: steps };
      });
    },
    judge: (findings) => judge(findings, size),
  };
}

/** A map `[d, d]` of the given rank, its entries of variance 1/d. */
const lowRank = (draw: () => number, d: number, rank: number): Tensor2D =>
  matMul(gaussian(draw, [d, rank], 1 / Math.sqrt(rank)), gaussian(draw, [rank, d], 1 / Math.sqrt(d)));

const relativeError = (found: Tensor2D, right: Tensor2D): number =>
  sum(squaredDifference(found, right)).dataSync()[0]! / sum(mul(right, right)).dataSync()[0]!;

function judge(findings: Findings, { ranks, depths }: TrainingSize): Criterion[] {
  const every: Condition[] = crossed({ rank: ranks, depth: depths });
  const worst = Math.max(...every.flatMap((condition) => findings.values(RESIDUAL, condition)));
  const falls = ranks.map((rank) => {
    const steps = depths.slice(1).map((depth, i) => {
      return findings.difference(RANK, { rank, depth: depths[i]! }, { rank, depth });
    });
    return criterion(
      `${RANK} falls at each step of depth, target of rank ${rank}: least fall`,
      leastOf(steps),
      '>=',
      0.4,
    );
  });
  const deeper = (rank: number) =>
    findings.difference(ERROR, { rank, depth: depths.at(-1)! }, { rank, depth: depths[0]! });
  const [low, full, deep] = [ranks[0]!, ranks.at(-1)!, depths.at(-1)!];
  return [
    criterion('every network fits: the largest residual', { value: worst }, '<', FITTED),
    ...falls,
    criterion(`depth ${deep} has less ${ERROR} than 1, target of rank ${low}`, deeper(low), '<', 0),
    criterion(`depth ${deep} has more ${ERROR} than 1, target of full rank ${full}`, deeper(full), '>', 0),
  ];
}
