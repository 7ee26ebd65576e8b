import { add, type Scalar, sub } from '@tensorflow/tfjs-core';
import type { Gradient, GradientFn, Objective } from '../core/objective.js';
import { changeObjective } from './changeObjective.js';

/**
 * The gradient of the data loss alone, beside the loss as a whole.
 *
 *     loss = D(w) + P(w),  grads = ∇D(w);  D = outputLoss(outputs()),  P = penalty()
 *
 * The objective handed to `next` is marked, and a `penalty` further in leaves its own term out of the gradient too:
 * whether it stands inside or outside of the caller makes no difference. Where the loop offers no outputs, D = loss − P.
 *
 * Cost: 1 gradient evaluation, and one evaluation of the penalty.
 */
export function dataGradient(next: GradientFn, objective: Objective): Gradient {
  const whole = next(changeObjective(objective, dataOnly));
  return objective.penalty ? { ...whole, loss: add<Scalar>(whole.loss, objective.penalty()) } : whole;
}

/** Whether only the gradient of the data loss is asked for. */
export const isDataOnly = (objective: Objective): boolean => 'dataOnly' in objective;

interface DataOnly extends Objective {
  readonly dataOnly: true;
}

const dataOnly = (objective: Objective): Partial<DataOnly> =>
  objective.penalty ? { loss: dataLossOf(objective), penalty: undefined, dataOnly: true } : { dataOnly: true };

/** D, the loss without its penalties. */
export function dataLossOf({ loss, outputs, outputLoss, penalty }: Objective): () => Scalar {
  if (!penalty) return loss;
  return outputs && outputLoss ? () => outputLoss(outputs()) : () => sub(loss(), penalty());
}
