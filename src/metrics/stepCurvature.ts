import type { Objective } from '../core/objective.js';
import { random } from '../core/random.js';
import type { Ledger, Quantity, Reading, Step } from '../core/watching.js';
import { type Curvature, curvatureOf, recordCost } from '../curvature/curvatureOf.js';
import { selfCheck } from '../curvature/selfCheck.js';
import { type ProbeConditions, probedObjective, setOf } from './probedObjective.js';

/** The record that the curvature probes of a step share, if they measure under the same conditions. */
export interface StepCurvature {
  /** Names the conditions, for what else can be shared under them. */
  readonly key: string;
  readonly objective: Objective;
  readonly curvature: Curvature;
  /** What a reading says of its conditions. */
  readonly attributes: { readonly engine: 'exact'; readonly mode?: string };
}

export function stepCurvature(step: Step, who: string, conditions: ProbeConditions): StepCurvature {
  const objective = probedObjective(step, who, conditions);
  const { mode } = objective;
  const key = `curvature, ${setOf(conditions)}, mode ${mode}`;
  const curvature = step.once(key, () => {
    step.ledger.evaluated(recordCost);
    return curvatureOf(objective);
  });
  return { key, objective, curvature, attributes: { engine: 'exact', ...(mode && { mode }) } };
}

/** What every curvature probe may find besides, since the first of a run to measure checks the engine. */
export const checkedQuantities: readonly Quantity[] = [
  { name: 'curvature.self_check', unit: '1' },
  { name: 'gradient.self_check', unit: '1' },
];

/** Runs that have been checked; a run is known by its ledger. */
const checkedRuns = new WeakSet<Ledger>();

/** The self-check of the run, at its first curvature measurement; nothing later. */
export function selfCheckOnce(step: Step, { objective, curvature, attributes }: StepCurvature): Reading[] {
  if (checkedRuns.has(step.ledger)) return [];
  // A stream of its own: a run that goes on checks itself anew, and its probes draw as if it had not stopped.
  const { curvature: ofCurvature, gradient, cost } = selfCheck(objective, curvature, random(step.index));
  step.ledger.evaluated(cost);
  // Only now: a check that failed is owed still.
  checkedRuns.add(step.ledger);
  return [
    {
      name: 'curvature.self_check',
      value: ofCurvature.error,
      attributes: { ...attributes, verdict: ofCurvature.verdict },
    },
    { name: 'gradient.self_check', value: gradient.error, attributes: { ...attributes, verdict: gradient.verdict } },
  ];
}
