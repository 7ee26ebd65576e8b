import type { Objective } from '../core/objective.js';

/** @throws TypeError, in the name of `who`, if the objective does not tell its outputs from its loss. */
export function outputsOf(who: string, { outputs, outputLoss }: Objective) {
  if (outputs && outputLoss) return { outputs, outputLoss };
  throw new TypeError(`${who}: the objective must have outputs and outputLoss; give them to minimize`);
}
