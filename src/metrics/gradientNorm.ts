import { globalNorm } from '../core/namedTensors.js';
import type { Probe } from '../core/watching.js';

/**
 * `gradient.norm` = ‖∇L(w_t)‖₂ of the step's batch, over all parameters, without interventions.
 *
 * Cost: nothing where the step has the plain gradient already, as with plain training or SAM; else 1 gradient evaluation.
 *
 * @example
 * instrument(model, { metrics: [[gradientNorm(), every(1)]] });
 */
export const gradientNorm = (): Probe => ({
  name: 'gradientNorm',
  measures: [{ name: 'gradient.norm', unit: '1' }],
  measure: (step) => [{ name: 'gradient.norm', value: globalNorm(step.plain().grads).dataSync()[0]! }],
});
