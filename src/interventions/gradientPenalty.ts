import { clone, mul, type Scalar, square, tidy } from '@tensorflow/tfjs-core';
import { checkOneOf } from '../core/checkOneOf.js';
import type { Intervention, Strength } from '../core/intervention.js';
import { globalNorm, ofLength, scale } from '../core/namedTensors.js';
import { withRecord } from '../curvature/tape/withRecord.js';
import { byName, type DerivativePenalty, derivativePenalty } from './derivativePenalty.js';
import { ofStrength } from './ofStrength.js';
import { type PenaltyMatrix, penaltyMatrices } from './penaltyMatrices.js';

/** What {@link gradientPenalty} takes. */
export interface GradientPenaltyOptions {
  /** Penalises (ρ/2) ‖g‖² instead of ρ ‖g‖. Default false. */
  readonly squared?: boolean;
  /** What stands for H in the update. Default 'hessian', H itself; any other gives no gradient of the penalty. */
  readonly matrix?: PenaltyMatrix;
}

/**
 * Penalises the norm of the gradient, exactly: to first order in ρ what `sam` does, without its finite step.
 *
 *     L(w) + ρ ‖g‖,      g = ∇D(w);  the optimizer gets ∇L + ρ A g / ‖g‖
 *     L(w) + (ρ/2) ‖g‖²  if squared; the optimizer gets ∇L + ρ A g
 *
 * D is the data loss; penalties are in ∇L, not in g. A = H, its Hessian, unless another `matrix` is asked for, which shows
 * what a part of H does for training:
 *
 *     'gauss-newton'      A = G = Jᵀ H_z J at the outputs: all of H − G is left out
 *     'flat-activations'  A = H where φ″ = 0 for every activation φ: the part of H − G is left out that they make;
 *                         softmax, a last sigmoid and what layers of the user's own compute stay as they are
 *
 * A g is an exact product. The penalty stands innermost, wherever it is listed: D is the loss that other interventions have
 * made, such as `distillation`. At g = 0 the step is plain; where ‖g‖ overflows it is NaN. The loss handed on is L(w). The
 * ascent of `sam` leaves this penalty out as any other, unless asked.
 *
 * - Cost: 3 gradient evaluations, 7/3 with 'gauss-newton', for each that the interventions around it ask for; 1 for the
 *   ascent of `sam`.
 * - Reports: `penalty.gradient` = ρ ‖g‖ or (ρ/2) ‖g‖².
 *
 * @throws RangeError if rho is negative or not finite, or the matrix is unknown; TypeError, when the run is made or at the
 *   first step, if the matrix needs what the loop does not offer; Error, at the first step, if a kernel cannot be
 *   differentiated twice, naming it, or there are two penalties of derivatives.
 * @see Zhao, Zhang, Hu 2022, arXiv 2202.03599; Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809, for the matrices
 *
 * @example
 * instrument(model, { interventions: [gradientPenalty(0.05)] });
 */
export function gradientPenalty(
  rho: Strength,
  { squared = false, matrix = 'hessian' }: GradientPenaltyOptions = {},
): Intervention {
  checkOneOf('gradientPenalty: matrix', matrix, Object.keys(penaltyMatrices));
  const { needs } = penaltyMatrices[matrix];
  return ofStrength(
    'gradientPenalty',
    'rho',
    rho,
    (next) => (objective, r) => derivativePenalty('gradientPenalty', next, objective, ofNorm(r, squared, matrix)),
    { needs },
  );
}

function ofNorm(rho: number, squared: boolean, matrix: PenaltyMatrix): DerivativePenalty {
  const { cost, record } = penaltyMatrices[matrix];
  return {
    name: 'gradient',
    cost,
    value: (_, grads) => penaltyOf(globalNorm(grads), rho, squared),
    differentiate: (objective) =>
      withRecord(record(objective), ({ loss, grads, product }) =>
        tidy(() => {
          const g = byName(objective.params, grads);
          const direction = squared ? scale(g, rho) : ofLength(g, rho);
          const pull = product(objective.params.map(({ name }) => direction[name]!));
          return { loss: clone(loss), grads: grads.map((g) => clone(g)), pull };
        }),
      ),
  };
}

const penaltyOf = (norm: Scalar, rho: number, squared: boolean): Scalar =>
  squared ? mul(rho / 2, square(norm)) : mul(rho, norm);
