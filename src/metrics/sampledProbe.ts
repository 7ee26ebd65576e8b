import type { Attributes, Probe } from '../core/watching.js';
import { checkSamples } from '../curvature/spectrum/checkSamples.js';
import { checkStandardError } from '../curvature/spectrum/checkStandardError.js';
import type { Estimate } from '../curvature/spectrum/estimate.js';
import type { CurvatureConditions } from './curvatureConditions.js';
import { type CurvatureTarget, curvatureProbe } from './curvatureProbe.js';
import { type StepTraces, stepTraces } from './stepTraces.js';

/** What a probe takes that samples random directions. */
export interface SamplingOptions extends CurvatureConditions {
  /** Random directions, at least 2; 'exact' takes as many products as there are parameters. Default 16. */
  readonly samples?: number | 'exact';
  /** Stops before that, as soon as all traces are known so well relative to the largest in size; after 6 at least. */
  readonly standardError?: number;
}

/** What is read from the samples, and the name it is published by. */
export interface SampledTarget {
  readonly quantity: string;
  /** Whether it is of G or NME, which take the outputs of the model and their loss. */
  readonly needsOutputs: boolean;
  /** The estimates, with the attributes that tell them apart. */
  read(traces: StepTraces): readonly (readonly [Estimate, Attributes])[];
}

/** A probe that reads from the samples which all such probes of a step share. */
export function sampledProbe(probe: string, target: SampledTarget, options: SamplingOptions): Probe {
  const { samples = 16, standardError, ...conditions } = options;
  const { quantity, needsOutputs, read } = target;
  checkSamples(probe, samples);
  checkStandardError(probe, standardError);
  const reading: CurvatureTarget['reading'] = (step, shared) => () =>
    read(stepTraces(step, shared, { samples, standardError })).map(([{ value, standardError }, attributes]) => ({
      name: quantity,
      value,
      standardError,
      attributes,
    }));
  return curvatureProbe(probe, { quantities: [quantity], needsOutputs, reading }, conditions);
}
