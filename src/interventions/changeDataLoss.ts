import { add, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Objective } from '../core/objective.js';
import { required } from '../core/required.js';
import { changeObjective } from './changeObjective.js';

/** A data loss as a function of the logits. */
export type DataLoss = (outputs: readonly Tensor[]) => Scalar;

/**
 * The objective with another data loss on the same logits, its penalty untouched. One forward pass makes both losses.
 *
 * @throws TypeError, in the name of `who`, if the objective does not tell its outputs from its loss.
 */
export function changeDataLoss(
  who: string,
  objective: Objective,
  change: (loss: DataLoss, objective: Objective) => DataLoss,
): Objective {
  return changeObjective(objective, (changed) => {
    const { outputs, outputLoss } = required(who, changed, 'outputs', 'outputLoss');
    const { penalty } = changed;
    const data = change(outputLoss, changed);
    const loss = () => data(outputs());
    return { outputLoss: data, loss: penalty ? () => add(loss(), penalty()) : loss };
  });
}
