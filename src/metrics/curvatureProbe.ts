import type { Probe, Reading, Step } from '../core/watching.js';
import { type CurvatureConditions, checkEngine } from './curvatureConditions.js';
import { setProbe } from './setProbe.js';
import { checkedQuantities, partsOf, type StepCurvature, selfCheckOnce, stepCurvature } from './stepCurvature.js';

/** What is measured of the curvature of a step. */
export interface CurvatureTarget {
  /** The names it is published by; dimensionless. */
  readonly quantities: readonly string[];
  /** Whether it is of G or NME, which take the outputs of the model and their loss. */
  readonly needsOutputs?: boolean | undefined;
  /** How to measure it, without the attributes of the conditions; `undefined` where there is nothing to measure. */
  reading(step: Step, shared: StepCurvature): (() => readonly Reading[]) | undefined;
}

/**
 * A probe of the curvature that such probes of a step share. The first of a run to measure checks the engine besides.
 *
 * @throws RangeError or TypeError, in the name of the probe, if the conditions are not sound.
 */
export function curvatureProbe(name: string, target: CurvatureTarget, conditions: CurvatureConditions): Probe {
  const { quantities, needsOutputs = false, reading } = target;
  checkEngine(name, conditions);
  const measures = [...quantities.map((quantity) => ({ name: quantity, unit: '1' })), ...checkedQuantities];
  return setProbe(name, measures, { outputs: needsOutputs }, conditions, (step) => {
    const shared = stepCurvature(step, name, conditions);
    if (needsOutputs) partsOf(shared.curvature, name);
    const read = reading(step, shared);
    if (!read) return [];
    const checks = selfCheckOnce(step, shared);
    const readings = read().map((found) => ({ ...found, attributes: { ...shared.attributes, ...found.attributes } }));
    return [...readings, ...checks];
  });
}
