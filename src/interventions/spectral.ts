import { addN, matMul, max, mul, norm, type Scalar, square, stack, sum, type Variable } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import type { GradientFn } from '../core/objective.js';
import type { Packed } from '../core/pack.js';
import { strength } from '../core/strength.js';
import { chosen } from './chosen.js';
import { penalised } from './penalty.js';
import { asMatrix, powerIteration } from './powerIteration.js';

/** What {@link spectral} takes. */
export interface SpectralOptions {
  /** Which weight matrices are held, of the parameters of at least two dimensions. Default all of them. */
  readonly only?: (param: Variable) => boolean;
}

/**
 * Spectral norm regularization: holds the largest singular value σ of every weight matrix W small.
 *
 *     L(w) + (λ/2) Σ ‖W v‖²,  v ← WᵀW v / ‖WᵀW v‖ once a step, so that ‖W v‖ → σ;   the gradient of the term is λ σ u vᵀ
 *
 * A kernel `[..., out]` is the matrix `[inputs, out]`: that of a convolution has height · width · channels rows. v is kept
 * from step to step and follows the matrix as that changes; in the first steps ‖W v‖ may be well below σ, never above.
 * Every evaluation of one step has the same v.
 *
 * - Cost: no further gradient evaluation; two products of each matrix with a vector a step, one more an evaluation.
 * - Reports: `penalty.spectral` = (λ/2) Σ ‖W v‖²; `spectral.largest`, the largest ‖W v‖.
 *
 * @throws RangeError if strength is negative or not finite; at the first step, if no weight matrix is left.
 * @see Yoshida, Miyato 2017, arXiv 1705.10941
 *
 * @example
 * instrument(model, { interventions: [spectral(0.01)] });
 */
export function spectral(lambda: Strength, { only = () => true }: SpectralOptions = {}): Intervention {
  const coefficient = strength('spectral: strength', lambda);
  return (next) => {
    const at = coefficient();
    const directions = powerIteration();
    let iterated = -1;
    const spectral: GradientFn = (objective) => {
      const { step, params } = objective;
      const l = at(step);
      if (l === 0) return next(objective);
      const kernels = chosen('spectral', params, (param) => param.rank > 1 && only(param));
      if (step !== iterated) directions.advance(kernels);
      iterated = step;
      const images = () => kernels.map((kernel, i) => matMul(asMatrix(kernel), directions.at(i)));
      const term = () => mul<Scalar>(l / 2, addN(images().map((image) => sum(square(image)))));
      const { report, ...gradient } = penalised(next, objective, 'spectral', term);
      const largest = (): Scalar => max(stack(images().map((image) => norm(image))));
      return { ...gradient, report: { ...report, 'spectral.largest': largest } };
    };
    spectral.state = directions.state;
    spectral.restore = (saved) => directions.restore(saved as readonly Packed[]);
    spectral.dispose = () => {
      at.dispose();
      directions.dispose();
    };
    return named('spectral', spectral);
  };
}
