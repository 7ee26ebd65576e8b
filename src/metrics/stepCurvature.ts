import type { Objective, Part } from '../core/objective.js';
import { examplesIn } from '../core/partsOf.js';
import { random } from '../core/random.js';
import type { Ledger, Quantity, Reading, Step } from '../core/watching.js';
import { type SelfCheck, selfCheck } from '../curvature/checks/selfCheck.js';
import { type Curvature, type CurvatureParts, curvatureOf, type Engine, recordCost } from '../curvature/curvatureOf.js';
import { curvatureOver } from '../curvature/curvatureOver.js';
import type { CurvatureConditions } from './curvatureConditions.js';
import { probedObjective, setOf } from './probedObjective.js';

/** The record that the curvature probes of a step share, if they measure under the same conditions. */
export interface StepCurvature {
  /** Names the conditions, for what else can be shared under them. */
  readonly key: string;
  readonly objective: Objective;
  readonly curvature: Curvature;
  /** What a reading says of its conditions. */
  readonly attributes: { readonly engine: Engine; readonly mode?: string };
}

export function stepCurvature(step: Step, who: string, conditions: CurvatureConditions): StepCurvature {
  const objective = probedObjective(step, who, conditions);
  const { mode } = objective;
  const { engine = 'exact' } = conditions;
  const key = `curvature, ${setOf(conditions)}, mode ${mode}, ${engine}`;
  const curvature = step.once(key, () => {
    step.ledger.evaluated(recordCost);
    return curvatureHere(objective, engine);
  });
  return { key, objective, curvature, attributes: { engine, ...(mode && { mode }) } };
}

/** Part by part where the objective is in parts, so that one of them is recorded at a time. */
function curvatureHere(objective: Objective, engine: Engine): Curvature {
  const batches = objective.parts?.map((part) => part.objective.batch!);
  return batches ? curvatureOver(objective, batches, { engine }) : curvatureOf(objective, { engine });
}

/** @throws TypeError, in the name of `who`, if the loop does not tell outputs from loss. */
export function partsOf({ parts }: Curvature, who: string): CurvatureParts {
  if (parts) return parts;
  throw new TypeError(`${who} needs the outputs of the model; give outputs and outputLoss to minimize`);
}

/** What every curvature probe may find besides, since the first of a run to measure checks the engine. */
export const checkedQuantities: readonly Quantity[] = [
  { name: 'curvature.self_check', unit: '1' },
  { name: 'gradient.self_check', unit: '1' },
];

/** Runs that have been checked; a run is known by its ledger. */
const checkedRuns = new WeakSet<Ledger>();

/**
 * The self-check of the run, at its first exact curvature measurement; nothing later.
 *
 * Finite differences are not checked: they are what the check compares with.
 */
export function selfCheckOnce(step: Step, { objective, curvature, attributes }: StepCurvature): Reading[] {
  if (attributes.engine !== 'exact' || checkedRuns.has(step.ledger)) return [];
  // A stream of its own: a run that goes on checks itself anew, and its probes draw as if it had not stopped.
  const { cost, ...checks } = checkHere(objective, curvature, random(step.index));
  step.ledger.evaluated(cost);
  // Only now: a check that failed is owed still.
  checkedRuns.add(step.ledger);
  return Object.entries(checks).map(([of, { error, verdict }]) => ({
    name: `${of}.self_check`,
    value: error,
    attributes: { ...attributes, verdict },
  }));
}

/** Of one part where the objective is in parts: all are computed alike. */
function checkHere(objective: Objective, curvature: Curvature, draw: () => number): SelfCheck {
  const { parts } = objective;
  if (!parts) return selfCheck(objective, curvature, draw);
  const [{ objective: part, examples }] = parts as readonly [Part];
  const ofPart = curvatureOf(part);
  try {
    const found = selfCheck(part, ofPart, draw);
    return { ...found, cost: ((recordCost + found.cost) * examples) / examplesIn(parts) };
  } finally {
    ofPart.dispose();
  }
}
