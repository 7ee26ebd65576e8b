import { matMul, relu, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { random } from '../../../../src/core/random.js';
import { effectiveRank } from '../../../../src/metrics/spectrum.js';
import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import { estimate, leastOf } from '../estimate.js';
import type { Condition, Experiment } from '../experiment.js';
import type { Findings } from '../findings.js';
import { gaussian, type RandomMatrix, uniform } from '../randomMatrix.js';
import { singularValues } from './singularValues.js';

/** How large: weights `[width, width]`, inputs `[inputs, width]`, the mean of so many draws. */
export interface ProductsSize {
  readonly width: number;
  readonly inputs: number;
  readonly draws: number;
  readonly depths: readonly number[];
}

export const PRODUCTS_SIZE: ProductsSize = { width: 32, inputs: 256, draws: 64, depths: [1, 2, 4, 8, 16] };

const WEIGHTS = 'weights.effective_rank';
const FEATURES = 'features.effective_rank';
const GRAM = 'gram.effective_rank';
const NORMAL = 'linear, normal';
const UNIFORM = 'linear, uniform';
const RELU = 'ReLU, normal';

const SERIES = [
  [WEIGHTS, NORMAL],
  [WEIGHTS, UNIFORM],
  [FEATURES, RELU],
  [GRAM, RELU],
] as const;

/** At {@link PRODUCTS_SIZE}, by depth. */
const REFERENCE: Readonly<Record<string, readonly number[]>> = {
  [`${WEIGHTS} ${NORMAL}`]: [25.559, 21.161, 15.654, 10.182, 6.072],
  [`${WEIGHTS} ${UNIFORM}`]: [25.656, 21.316, 15.867, 10.435, 6.215],
  [`${FEATURES} ${RELU}`]: [27.103, 22.331, 15.657, 9.213, 4.845],
  [`${GRAM} ${RELU}`]: [14.455, 7.347, 3.463, 1.932, 1.348],
};

/**
 * How many directions random networks use, by depth and without training: W = W_L ⋯ W₁, and what a ReLU network puts out
 * for Gaussian inputs, uncentred. The first L factors of a draw make its network of depth L.
 */
export function products(size: ProductsSize): Experiment {
  const { width, draws, depths } = size;
  const known = (quantity: string, { network, depth }: Condition): number | undefined =>
    size === PRODUCTS_SIZE ? REFERENCE[`${quantity} ${network}`]?.[depths.indexOf(depth as number)] : undefined;
  return {
    name: 'products',
    title: `Random networks of width ${width}, untrained, by depth; each value is the mean of ${draws} draws.`,
    claim: 'The deeper a network, the larger the share of its parameters that make a map of low effective rank.',
    quantities: [WEIGHTS, FEATURES, GRAM].map((name) => ({ name, unit: '{dimension}' })),
    conditions: crossed({ network: [NORMAL, UNIFORM, RELU], depth: depths }),
    baseline: ({ network }) => ({ network: network!, depth: depths[0]! }),
    reference: known,
    measure: ({ network, depth }, { seed }) =>
      meanOf(
        Array.from({ length: draws }, (_, i) => {
          const draw = random(seed, i);
          return network === RELU
            ? reluRanks(draw, size, depth as number)
            : { [WEIGHTS]: productRank(draw, network === UNIFORM ? uniform : gaussian, width, depth as number) };
        }),
      ),
    judge: (findings) => judge(findings, depths, known),
  };
}

function productRank(draw: () => number, matrix: RandomMatrix, width: number, depth: number): number {
  return tidy(() => {
    const factors = Array.from({ length: depth }, () => matrix(draw, [width, width], 1 / Math.sqrt(width)));
    return effectiveRank(singularValues(factors.reduce((product, factor): Tensor2D => matMul(factor, product))));
  });
}

function reluRanks(draw: () => number, { width, inputs }: ProductsSize, depth: number): Record<string, number> {
  return tidy(() => {
    let features = gaussian(draw, [inputs, width], 1);
    for (let layer = 0; layer < depth; layer++) {
      features = relu(matMul(features, gaussian(draw, [width, width], Math.sqrt(2 / width))));
    }
    const values = singularValues(features);
    return { [FEATURES]: effectiveRank(values), [GRAM]: effectiveRank(values.map((s) => s * s)) };
  });
}

const meanOf = (found: readonly Record<string, number>[]): Record<string, number> =>
  Object.fromEntries(Object.keys(found[0]!).map((name) => [name, estimate(found.map((one) => one[name]!)).value]));

function judge(
  findings: Findings,
  depths: readonly number[],
  known: (quantity: string, condition: Condition) => number | undefined,
): Criterion[] {
  const falls = SERIES.map(([quantity, network]) => {
    const steps = depths.slice(1).map((depth, i) => {
      return findings.difference(quantity, { network, depth: depths[i]! }, { network, depth });
    });
    return criterion(`${quantity} falls at each step of depth, ${network}: least fall`, leastOf(steps), '>', 0);
  });
  const mean = (network: string, depth: number): number => findings.mean(WEIGHTS, { network, depth }).value;
  const off = depths.map((depth) => Math.abs(mean(NORMAL, depth) - known(WEIGHTS, { network: NORMAL, depth })!));
  const apart = depths.map((depth) => Math.abs(mean(NORMAL, depth) - mean(UNIFORM, depth)));
  return [
    ...falls,
    criterion(`${WEIGHTS} is that of NumPy, ${NORMAL}: farthest off`, { value: Math.max(...off) }, '<=', 1),
    criterion(`${WEIGHTS} of uniform is that of normal: farthest off`, { value: Math.max(...apart) }, '<=', 0.5),
  ];
}
