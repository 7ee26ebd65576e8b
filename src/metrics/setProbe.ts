import type { Needs } from '../core/intervention.js';
import type { Probe, Quantity } from '../core/watching.js';
import { checkConditions, type ProbeConditions } from './probedObjective.js';

/**
 * A probe that evaluates the network: on a fixed set, or on the batch of the step.
 *
 * @throws RangeError or TypeError, in the name of the probe, if the conditions are not sound.
 */
export function setProbe(
  name: string,
  measures: readonly Quantity[],
  needs: Needs,
  conditions: ProbeConditions,
  measure: Probe['measure'],
): Probe {
  checkConditions(name, conditions);
  const { on } = conditions;
  return { name, measures, needs: { ...needs, batch: on !== undefined }, on, measure };
}
