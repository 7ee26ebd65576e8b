import { clone, dispose, mul, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import type { GradientFn } from '../core/objective.js';
import { strength } from '../core/strength.js';
import { chosen } from './chosen.js';

/** What {@link decoupledWeightDecay} takes. */
export interface DecoupledWeightDecayOptions {
  /** Which parameters decay. Default all of them; for kernels alone: `(param) => param.rank > 1`. */
  readonly only?: (param: Variable) => boolean;
}

/**
 * Weight decay beside the gradient, not in it: AdamW, and the like of every other optimizer.
 *
 *     w ← w − η λ w, then the optimizer's step on the gradient taken at the w before;  η its learning rate at that step
 *
 * With plain gradient descent it is `l2(λ)`. With an adaptive optimizer it is not: there the gradient of a penalty is
 * divided by the size of the gradients, so that weights with large ones hardly decay.
 *
 * - Cost: no further gradient evaluation.
 * - Reports: nothing.
 *
 * @param strength λ, relative to the learning rate: AdamW's 0.01 at η = 0.001 takes 1e-5 of a weight a step.
 * @throws RangeError if strength is negative or not finite, or, at the first step, if `only` leaves no parameter;
 *   TypeError at the first step if the optimizer tells no learning rate.
 * @see Loshchilov, Hutter 2017, arXiv 1711.05101
 *
 * @example
 * instrument(model, { interventions: [sam(), decoupledWeightDecay(0.01, { only: (param) => param.rank > 1 })] });
 */
export function decoupledWeightDecay(lambda: Strength, { only }: DecoupledWeightDecayOptions = {}): Intervention {
  const coefficient = strength('decoupledWeightDecay: strength', lambda);
  return (next) => {
    const at = coefficient();
    const decoupledWeightDecay: GradientFn = (objective) => next(objective);
    decoupledWeightDecay.update = (apply, { step, params, learningRate }) => {
      const l = at(step);
      if (l === 0) return apply();
      if (learningRate === undefined) {
        throw new TypeError('decoupledWeightDecay: the optimizer must have a learningRate');
      }
      const decaying = chosen('decoupledWeightDecay', params, only);
      restoringIfThrown(decaying, () => {
        for (const w of decaying) tidy(() => w.assign(mul(w, 1 - learningRate * l)));
        apply();
      });
    };
    decoupledWeightDecay.dispose = at.dispose;
    return named('decoupledWeightDecay', decoupledWeightDecay);
  };
}

function restoringIfThrown(params: readonly Variable[], f: () => void): void {
  const saved = params.map((w) => clone(w));
  try {
    f();
  } catch (error) {
    params.forEach((w, i) => w.assign(saved[i]!));
    throw error;
  } finally {
    dispose(saved);
  }
}
