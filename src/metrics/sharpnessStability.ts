import type { OptimizerSettings, Probe } from '../core/watching.js';
import { towardsBothEnds } from '../curvature/towardsBothEnds.js';
import { type EigenvalueOptions, eigenvalueProbe } from './eigenvalueProbe.js';

/**
 * `sharpness.stability` = λ_max over the largest curvature at which the optimizer is stable on a quadratic: above 1, steps
 * along that direction overshoot by more each time; training at the edge of stability hovers about 1.
 *
 *     SGD 2/η;  heavy-ball momentum 2(1 + β)/η;  Nesterov's momentum 2(1 + β)/(η(1 + 2β))
 *
 * `sharpness.stability_residual` is that of λ_max. η and β are those of the step. Measures nothing for an optimizer that
 * scales coordinates by itself (Adam, RMSProp): its limit is not one of λ_max. Interventions shift the limit, SAM to below
 * 2/η, and are not counted; nor are penalties.
 *
 * Cost: as `topEigenvalue`, with which the search is shared.
 *
 * @throws RangeError or TypeError if tolerance, until or maxProducts are out of range, or the conditions are not sound.
 * @see Cohen, Kaur, Li, Kolter, Talwalkar 2021, arXiv 2103.00065, section 2 and appendix B
 *
 * @example
 * instrument(model, { metrics: [[sharpnessStability({ on: { x, y } }), every(50)]] });
 */
export const sharpnessStability = (options: EigenvalueOptions = {}): Probe =>
  eigenvalueProbe(
    'sharpnessStability',
    {
      quantity: 'sharpness.stability',
      end: 'top',
      of: 'H',
      hint: towardsBothEnds,
      operator: ({ hessian }) => hessian,
      scale: ({ optimizer }) => optimizer && inverseLimit(optimizer),
    },
    options,
  );

/** 1 over the limit, so that a learning rate of 0 is stable whatever the curvature. */
function inverseLimit({ kind, learningRate, momentum = 0, nesterov = false }: OptimizerSettings): number | undefined {
  if (kind === 'SGD') return learningRate / 2;
  if (kind !== 'Momentum') return undefined;
  return (learningRate * (nesterov ? 1 + 2 * momentum : 1)) / (2 * (1 + momentum));
}
