import { add, addN, clone, type NamedTensorMap, type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { Gradient, GradientFn, Objective, Report } from '../core/objective.js';
import { linearizeGradient } from '../curvature/linearize/linearizeGradient.js';
import { withRecord } from '../curvature/tape/withRecord.js';
import { changeObjective } from './changeObjective.js';
import { isDataOnly } from './dataGradient.js';

/** A penalty on derivatives of the data loss D, while its strength is not 0. */
export interface DerivativePenalty {
  /** Of its value where that is reported: `penalty.<name>`. */
  readonly name: string;
  /** Gradient evaluations that `differentiate` takes. */
  readonly cost: number;
  differentiate(objective: Objective): PenalisedData;
  /** The value, where `differentiate` has not been asked, or gives none; ∇D is `grads`. */
  value(objective: Objective, grads: NamedTensorMap): Scalar;
}

/** Lists are in the order of the parameters. A type, for `tidy` takes no interface. */
export type PenalisedData = {
  /** D and ∇D. */
  readonly loss: Scalar;
  readonly grads: Tensor[];
  /** The gradient of the penalty, or what stands for that. */
  readonly pull: Tensor[];
  /** The penalty, if it comes with that. */
  readonly value?: Scalar;
};

/**
 * The gradient with a penalty on derivatives of the data loss: of the loss that other interventions have made, wherever it
 * is listed, which is why the innermost gradient is replaced. The loss handed on is L(w).
 *
 * @throws Error, in the name of `who`, if there is another such penalty around it.
 */
export function derivativePenalty(
  who: string,
  next: GradientFn,
  objective: Objective,
  penalty: DerivativePenalty,
): Gradient {
  if (objective.differentiate) {
    throw new Error(`${who}: there must be one penalty of derivatives in a run, got another around it`);
  }
  return next(changeObjective(objective, () => ({ differentiate: penalised(penalty) })));
}

const penalised =
  (added: DerivativePenalty) =>
  (objective: Objective, plain: GradientFn): Gradient => {
    const reported = (value: () => Scalar): Report => ({ [`penalty.${added.name}`]: value });
    if (isDataOnly(objective)) {
      const data = plain(objective);
      return { ...data, report: reported(() => added.value(objective, data.grads)) };
    }
    const { params, penalty } = objective;
    const data = added.differentiate(objective);
    const value = (): Scalar => data.value ?? added.value(objective, byName(params, data.grads));
    const rest =
      penalty &&
      withRecord(linearizeGradient(penalty, params), ({ loss, grads }) => ({
        loss: clone(loss),
        grads: grads.map((g) => clone(g)),
      }));
    const grads = data.grads.map((g, i) => addN([g, data.pull[i]!, ...(rest ? [rest.grads[i]!] : [])]));
    return {
      loss: rest ? add(data.loss, rest.loss) : data.loss,
      grads: byName(params, grads),
      report: reported(value),
      cost: added.cost,
    };
  };

export const byName = (params: readonly Variable[], tensors: readonly Tensor[]): NamedTensorMap =>
  Object.fromEntries(params.map(({ name }, i) => [name, tensors[i]!]));
