import {
  add,
  addN,
  clone,
  mul,
  type NamedTensorMap,
  type Scalar,
  square,
  type Tensor,
  type TensorContainer,
  tidy,
  type Variable,
} from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import { named } from '../core/named.js';
import { globalNorm, ofLength, scale } from '../core/namedTensors.js';
import type { Gradient, GradientFn, Objective } from '../core/objective.js';
import { strength } from '../core/strength.js';
import { type LinearGradient, linearizeGradient } from '../curvature/linearize/linearizeGradient.js';
import { changeObjective } from './changeObjective.js';
import { dataLossOf, isDataOnly } from './dataGradient.js';

/** What {@link gradientPenalty} takes. */
export interface GradientPenaltyOptions {
  /** Penalises (ρ/2) ‖g‖² instead of ρ ‖g‖. Default false. */
  readonly squared?: boolean;
}

/**
 * Penalises the norm of the gradient, exactly: to first order in ρ what `sam` does, without its finite step.
 *
 *     L(w) + ρ ‖g‖,      g = ∇D(w);  the optimizer gets ∇L + ρ H g / ‖g‖
 *     L(w) + (ρ/2) ‖g‖²  if squared; the optimizer gets ∇L + ρ H g
 *
 * D is the data loss, H its Hessian; penalties are in ∇L, not in g. H g is an exact product. It stands innermost, wherever
 * it is listed: D is the loss that other interventions have made, such as `distillation`. At g = 0 the step is plain;
 * where ‖g‖ overflows it is NaN. The loss handed on is L(w). The ascent of `sam` leaves this penalty out as any other,
 * unless asked.
 *
 * - Cost: 3 gradient evaluations for each that the interventions around it ask for; 1 for the ascent of `sam`.
 * - Reports: `penalty.gradient` = ρ ‖g‖ or (ρ/2) ‖g‖².
 *
 * @throws RangeError if rho is negative or not finite; at the first step, Error if a kernel cannot be differentiated twice,
 *   naming it, or if there are two of these.
 * @see Zhao, Zhang, Hu 2022, arXiv 2202.03599; Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 *
 * @example
 * instrument(model, { interventions: [gradientPenalty(0.05)] });
 */
export function gradientPenalty(rho: Strength, { squared = false }: GradientPenaltyOptions = {}): Intervention {
  const coefficient = strength('gradientPenalty: rho', rho);
  return (next) => {
    const at = coefficient();
    const gradientPenalty: GradientFn = (objective) => {
      const r = at(objective.step);
      if (r === 0) return next(objective);
      if (objective.differentiate)
        throw new Error('gradientPenalty: there must be one in a run, got another around it');
      return next(changeObjective(objective, () => ({ differentiate: penalised(r, squared) })));
    };
    gradientPenalty.dispose = at.dispose;
    return named('gradientPenalty', gradientPenalty);
  };
}

const penalised =
  (rho: number, squared: boolean) =>
  (objective: Objective, plain: GradientFn): Gradient => {
    const report = (g: NamedTensorMap) => ({ 'penalty.gradient': () => penaltyOf(globalNorm(g), rho, squared) });
    if (isDataOnly(objective)) {
      const data = plain(objective);
      return { ...data, report: report(data.grads) };
    }
    const { params, penalty } = objective;
    const data = dataPart(objective, rho, squared);
    const rest =
      penalty && linearized(penalty, params, ({ loss, grads }) => ({ loss: clone(loss), grads: grads.map(clone) }));
    const grads = data.grads.map((g, i) => addN([g, data.pull[i]!, ...(rest ? [rest.grads[i]!] : [])]));
    return {
      loss: rest ? add(data.loss, rest.loss) : data.loss,
      grads: byName(params, grads),
      report: report(byName(params, data.grads)),
      cost: 3,
    };
  };

/** D, its gradient g, and ρ H g / ‖g‖, or ρ H g if squared. */
function dataPart(objective: Objective, rho: number, squared: boolean) {
  return linearized(dataLossOf(objective), objective.params, ({ loss, grads, hvp }) => {
    const g = byName(objective.params, grads);
    const direction = squared ? scale(g, rho) : ofLength(g, rho);
    const pull = hvp(objective.params.map(({ name }) => direction[name]!));
    return { loss: clone(loss), grads: grads.map((g) => clone(g)), pull };
  });
}

/** What `f` makes of a record, which is freed; `tidy` frees what else it made. */
function linearized<T extends TensorContainer>(
  loss: () => Scalar,
  params: readonly Variable[],
  f: (linear: LinearGradient) => T,
): T {
  const linear = linearizeGradient(loss, params);
  try {
    return tidy(() => f(linear));
  } finally {
    linear.dispose();
  }
}

const penaltyOf = (norm: Scalar, rho: number, squared: boolean): Scalar =>
  squared ? mul(rho / 2, square(norm)) : mul(rho, norm);

const byName = (params: readonly Variable[], tensors: readonly Tensor[]): NamedTensorMap =>
  Object.fromEntries(params.map(({ name }, i) => [name, tensors[i]!]));
