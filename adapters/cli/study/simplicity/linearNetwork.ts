import { matMul, type Rank, type Tensor2D, type Variable, variable } from '@tensorflow/tfjs-core';
import type { Probe } from '../../../../src/core/watching.js';
import { effectiveRank } from '../../../../src/metrics/spectrum.js';
import { gaussian } from '../randomMatrix.js';
import { singularValues } from './singularValues.js';

/** The weights W₁, …, W_L of a linear network x ↦ x W₁ ⋯ W_L, `[d, d]` each, entries N(0, 1/d). */
export const linearNetwork = (draw: () => number, d: number, depth: number): Variable<Rank.R2>[] =>
  Array.from({ length: depth }, () => variable<Rank.R2>(gaussian(draw, [d, d], 1 / Math.sqrt(d))));

/** The one matrix that the network is. */
export const endToEnd = (weights: readonly Tensor2D[]): Tensor2D =>
  weights.reduce((product, factor): Tensor2D => matMul(product, factor));

/** `weights.effective_rank` of W₁ ⋯ W_L, which no single weight tells. Cost: L − 1 products and an SVD. */
export const endToEndRank: Probe = {
  name: 'endToEndRank',
  measures: [{ name: 'weights.effective_rank', unit: '{dimension}' }],
  measure: ({ params }) => [
    { name: 'weights.effective_rank', value: effectiveRank(singularValues(endToEnd(params as Variable<Rank.R2>[]))) },
  ],
};
