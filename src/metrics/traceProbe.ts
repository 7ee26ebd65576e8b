import type { Probe } from '../core/watching.js';
import { checkSamples, type Estimate } from '../curvature/hutchinson.js';
import { type CurvatureConditions, checkConditionsOfCurvature } from './curvatureConditions.js';
import { checkedQuantities, partsOf, selfCheckOnce, stepCurvature } from './stepCurvature.js';
import { type StepTraces, stepTraces } from './stepTraces.js';

/** What a probe of a trace takes. */
export interface TraceOptions extends CurvatureConditions {
  /** Random directions, at least 2; 'exact' takes as many products as there are parameters. Default 16. */
  readonly samples?: number | 'exact';
}

/** One number of the traces, under the name it is published by. */
export interface TraceTarget {
  readonly quantity: string;
  /** Whether it is of G or NME, which take the outputs of the model and their loss. */
  readonly needsOutputs?: boolean;
  read(traces: StepTraces): Estimate;
}

/** A probe that reads one number from the traces which all such probes of a step share. */
export function traceProbe(probe: string, target: TraceTarget, options: TraceOptions): Probe {
  const { samples = 16, ...conditions } = options;
  const { quantity, needsOutputs = false, read } = target;
  checkSamples(probe, samples);
  checkConditionsOfCurvature(probe, conditions);
  return {
    name: probe,
    measures: [{ name: quantity, unit: '1' }, ...checkedQuantities],
    needs: { outputs: needsOutputs, batch: conditions.on !== undefined },
    on: conditions.on,
    measure(step) {
      const shared = stepCurvature(step, probe, conditions);
      if (needsOutputs) partsOf(shared.curvature, probe);
      const checks = selfCheckOnce(step, shared);
      const { value, standardError } = read(stepTraces(step, shared, samples));
      return [{ name: quantity, value, standardError, attributes: shared.attributes }, ...checks];
    },
  };
}
