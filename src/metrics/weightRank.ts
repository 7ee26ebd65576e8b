import type { Variable } from '@tensorflow/tfjs-core';
import type { Probe } from '../core/watching.js';
import type { RowMajor } from '../linalg/rowMajor.js';
import { squaredSingularValues } from '../linalg/squaredSingularValues.js';
import { asRows, readBack } from './readBack.js';
import { effectiveRank, stableRank } from './spectrum.js';

/** What {@link weightRank} takes. */
export interface WeightRankOptions {
  /** Which weight matrices are measured, of the parameters of at least two dimensions. Default all of them. */
  readonly only?: (param: Variable) => boolean;
}

/**
 * How many directions the weights of a layer use, by parameter. With s the singular values of W, and p = s / Σ s:
 *
 * - `weights.effective_rank` [{dimension}], exp(−Σ pᵢ ln pᵢ)
 * - `weights.stable_rank` [{dimension}], ‖W‖_F² / ‖W‖₂² = Σ sᵢ² / max sᵢ²
 *
 * Both 0 where W = 0. A kernel `[..., out]` is the matrix `[inputs, out]`: that of a convolution has height · width ·
 * channels rows. Nothing is subtracted. Measures nothing where no weight matrix is left.
 *
 * Cost: no gradient; for each matrix an eigenvalue problem of its smaller side n, as `featureRank` has it, growing as n³.
 *
 * @throws TypeError if only is not a function; when measuring, RangeError if a weight is not finite.
 * @see Huh et al. 2021, arXiv 2103.10427; Roy, Vetterli 2007; Rudelson, Vershynin 2007, arXiv math/0503442
 *
 * @example
 * instrument(model, { metrics: [[weightRank({ only: ({ name }) => name.includes('dense') }), every(100)]] });
 */
export function weightRank({ only = () => true }: WeightRankOptions = {}): Probe {
  if (typeof only !== 'function')
    throw new TypeError(`weightRank: only must be a function of a parameter, got ${only}`);
  return {
    name: 'weightRank',
    measures: [
      { name: 'weights.effective_rank', unit: '{dimension}' },
      { name: 'weights.stable_rank', unit: '{dimension}' },
    ],
    measure: ({ params }) =>
      params
        .filter((param) => param.rank > 1 && only(param))
        .flatMap((param) => {
          const squares = squaredSingularValues(asMatrix(param));
          const attributes = { parameter: param.name };
          return [
            { name: 'weights.effective_rank', value: effectiveRank(squares.map(Math.sqrt)), attributes },
            { name: 'weights.stable_rank', value: stableRank(squares), attributes },
          ];
        }),
  };
}

function asMatrix(param: Variable): RowMajor {
  const matrix = asRows(readBack(() => param));
  if (matrix.values.every(Number.isFinite)) return matrix;
  throw new RangeError(`weightRank: ${param.name} holds a value that is not finite`);
}
