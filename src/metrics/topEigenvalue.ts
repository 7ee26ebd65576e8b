import type { Probe } from '../core/watching.js';
import { towardsBothEnds } from '../curvature/towardsBothEnds.js';
import { type EigenvalueOptions, eigenvalueProbe } from './eigenvalueProbe.js';

/**
 * `hessian.top_eigenvalue` = λ_max, the algebraically largest eigenvalue of the Hessian of the data loss at w_t.
 * `hessian.top_eigenvalue_residual` = ‖H x − λ x‖ / |λ|: how sure of it we are.
 *
 * Penalties and interventions are left out. λ is right to the tolerance, by an estimate of its error. Where the products
 * did not suffice, both carry `converged: false`, and so are a series of their own: λ is then a lower bound. The search is
 * shared with `bottomEigenvalue` and `sharpnessStability`, and starts where the last one of the run ended; the first, also
 * of a run that goes on from a saved state, at NME ∇L, which leans towards both ends, where the objective tells its outputs
 * from its loss, and at the gradient else.
 *
 * Cost: 1 gradient for the record, shared between the curvature probes of a step, and 2 for each product: some 12 at first,
 * 3 or few more later. The first curvature measurement of a run adds the self-check: 7 to 10 gradients.
 *
 * @throws RangeError or TypeError if tolerance, until or maxProducts are out of range, or the conditions are not sound.
 * @see Gilmer et al. 2021, arXiv 2110.04369; Cohen et al. 2021, arXiv 2103.00065
 *
 * @example
 * instrument(model, { metrics: [[topEigenvalue({ on: { x, y } }), every(50)]] });
 */
export const topEigenvalue = (options: EigenvalueOptions = {}): Probe =>
  eigenvalueProbe(
    'topEigenvalue',
    {
      quantity: 'hessian.top_eigenvalue',
      end: 'top',
      of: 'H',
      hint: towardsBothEnds,
      operator: ({ hessian }) => hessian,
    },
    options,
  );
