import { add, mul, type Scalar, type Variable } from '@tensorflow/tfjs-core';
import type { Intervention, Strength } from '../core/intervention.js';
import type { Gradient, GradientFn, Objective } from '../core/objective.js';
import { changeObjective } from './changeObjective.js';
import { isDataOnly } from './dataGradient.js';
import { ofStrength } from './ofStrength.js';

/**
 * Adds a function of the weights to the loss, and to the objective's `penalty`.
 *
 *     L(w) + λ R(w)
 *
 * SAM ascends the loss without it, on whichever side of `sam` it stands; see its `ascendPenalty`.
 *
 * - Cost: no further gradient evaluation; R is evaluated and differentiated once with each.
 * - Reports: `penalty.<name>` = λ R(w).
 *
 * @param name Names the penalty in the report and in errors.
 * @param of R, a scalar made of differentiable ops on the parameters.
 * @param lambda λ; 0 leaves the loss as it is.
 * @throws RangeError if lambda is negative or not finite; at the first step, if R is not a scalar.
 *
 * @example
 * penalty('l1', (params) => tf.addN(params.map((w) => w.abs().sum())), 1e-4);
 */
export function penalty(name: string, of: PenaltyFunction, lambda: Strength): Intervention {
  if (!name) throw new TypeError('penalty: name must not be empty; it is what is reported');
  return penaltyOf(`penalty ${name}`, name, of, lambda);
}

/** The same for a function that makes a penalty, `who` in errors. */
export function penaltyOf(who: string, name: string, of: PenaltyFunction, lambda: Strength): Intervention {
  const acting = (next: GradientFn) => (objective: Objective, l: number) =>
    penalised(next, objective, name, () => mul(of(objective.params), l));
  return ofStrength(who, 'strength', lambda, acting, { name: `penalty ${name}` });
}

/** R(w), a scalar of the parameters. */
export type PenaltyFunction = (params: readonly Variable[]) => Scalar;

/** The gradient of an objective with one more term in its penalty. */
export function penalised(next: GradientFn, objective: Objective, name: string, of: () => Scalar): Gradient {
  const term = (): Scalar => scalar(name, of());
  const { loss, grads, report } = isDataOnly(objective)
    ? besidesData(next, objective, term)
    : next(changeObjective(objective, withTerm(term)));
  return { loss, grads, report: { ...report, [`penalty.${name}`]: term } };
}

const withTerm =
  (term: () => Scalar) =>
  ({ loss, penalty }: Objective): Partial<Objective> => ({
    loss: () => add(loss(), term()),
    penalty: penalty ? () => add(penalty(), term()) : term,
  });

/** In the loss, but not in the gradient. */
function besidesData(next: GradientFn, objective: Objective, term: () => Scalar) {
  const data = next(objective);
  return { ...data, loss: add<Scalar>(data.loss, term()) };
}

function scalar(name: string, value: Scalar): Scalar {
  if (value.rank !== 0) {
    throw new RangeError(`penalty ${name}: must give a scalar, got shape [${value.shape}]; sum over its elements`);
  }
  return value;
}
