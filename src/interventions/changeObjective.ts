import type { Objective } from '../core/objective.js';

/** The objective with some members changed, on other data and in the other mode as well. */
export function changeObjective(objective: Objective, change: (objective: Objective) => Partial<Objective>): Objective {
  const { withBatch, withMode } = objective;
  return {
    ...objective,
    ...change(objective),
    withBatch: withBatch && ((batch) => changeObjective(withBatch(batch), change)),
    withMode: withMode && ((mode) => changeObjective(withMode(mode), change)),
  };
}
