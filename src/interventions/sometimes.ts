import type { Intervention } from '../core/intervention.js';
import { named } from '../core/named.js';
import type { GradientFn } from '../core/objective.js';
import { type PartState, restoreParts, statesOf } from '../core/partStates.js';
import type { Schedule } from '../core/watching.js';
import { oncePerStep } from './oncePerStep.js';

/**
 * An intervention on some steps only: on those that are not due, training passes it by.
 *
 * What it keeps lives on through the steps between. The schedule is asked once a step, however often the step calls for
 * the gradient. So `sometimes(every(5), sam())` is SAM at 1.2 gradients a step.
 *
 * @throws TypeError if the schedule is a budget: interventions are not timed. Schedules that can never be due are refused
 *   as they are made, by `between` and `all`; one that is due too late for the run shows in `sam.active_steps`.
 *
 * @example
 * instrument(model, { interventions: [sometimes(every(5), sam({ rho: 0.1 }))] });
 */
export function sometimes(schedule: Schedule, intervention: Intervention): Intervention {
  if (schedule.spent) {
    throw new TypeError('sometimes: schedule must not hold a budget, since interventions are not timed; use every');
  }
  const now: Intervention = (next) => {
    const within = intervention(next);
    if (within === next) return next;
    const due = oncePerStep((step) => schedule.due(step));
    const sometimes: GradientFn = (objective) => (due(objective.step) ? within : next)(objective);
    if (within.update) {
      sometimes.update = (apply, update) => (due(update.step) ? within.update!(apply, update) : apply());
    }
    sometimes.state = () => statesOf([within]);
    sometimes.restore = (saved) => restoreParts([within], saved as readonly PartState[]);
    sometimes.dispose = () => within.dispose?.();
    return named('sometimes', sometimes);
  };
  return Object.assign(now, intervention.needs && { needs: intervention.needs });
}
