import type { Probe, Quantity } from '../core/watching.js';
import { checkSamples } from '../curvature/spectrum/checkSamples.js';
import { checkStandardError } from '../curvature/spectrum/checkStandardError.js';
import { hutchinson } from '../curvature/spectrum/hutchinson.js';
import { checkEngine } from './curvatureConditions.js';
import type { SamplingOptions } from './sampledProbe.js';
import { setProbe } from './setProbe.js';
import { stepCurvature } from './stepCurvature.js';

/**
 * `penalty_hessian.trace` = the trace of the Hessian of the penalties that the objective tells apart, such as the regularizers of
 * layers; by Hutchinson's estimator, which is exact for one that is a diagonal, as that of l2 is.
 *
 * It stands beside `hessian.trace`, which leaves penalties out. Measures nothing where there are none. Penalties that
 * interventions add are not the model's, and not in it.
 *
 * Cost: 1 gradient for the record, shared between the curvature probes of a step, and 2 for each sample.
 *
 * @throws RangeError or TypeError if samples is neither an integer of at least 2 nor 'exact', standardError is not positive,
 *   or the conditions are not sound.
 */
export function penaltyTrace({ samples = 16, standardError, ...conditions }: SamplingOptions = {}): Probe {
  checkSamples('penaltyTrace', samples);
  checkStandardError('penaltyTrace', standardError);
  checkEngine('penaltyTrace', conditions);
  return setProbe('penaltyTrace', [QUANTITY], {}, conditions, (step) => {
    const { curvature, attributes } = stepCurvature(step, 'penaltyTrace', conditions);
    const { penalty, dimension } = curvature;
    if (!penalty) return [];
    const products = (v: Float64Array) => {
      step.ledger.evaluated(penalty.cost);
      return { penalty: penalty.apply(v) };
    };
    const { trace } = hutchinson(products, { dimension, samples, standardError, random: step.random }).penalty;
    return [{ name: QUANTITY.name, ...trace, attributes }];
  });
}

const QUANTITY: Quantity = { name: 'penalty_hessian.trace', unit: '1' };
