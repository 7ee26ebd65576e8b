import type { Probe } from '../core/watching.js';
import { towardsBothEnds } from '../curvature/towardsBothEnds.js';
import { type EigenvalueOptions, eigenvalueProbe } from './eigenvalueProbe.js';

/**
 * `hessian.bottom_eigenvalue` = λ_min, the algebraically smallest eigenvalue of the Hessian of the data loss at w_t:
 * below 0 away from a minimum. `hessian.bottom_eigenvalue_residual` = ‖H x − λ x‖ / |λ|.
 *
 * Penalties and interventions are left out. Where the products did not suffice, both carry `converged: false`: λ is then
 * an upper bound. Tolerance and start are as in `topEigenvalue`; and since the bottom is often the edge of a dense bulk, which
 * a search meets late, it must have held still over three products as well. Some eigenvalue lies within the residual; that
 * none lies far below rests on chance.
 *
 * Cost: 1 gradient for the record and 2 for each product, of which it takes up to twice as many as the top; record and
 * search are shared with `topEigenvalue`, so that both cost little more than the harder one.
 *
 * @throws RangeError or TypeError if tolerance, until or maxProducts are out of range, or the conditions are not sound.
 * @see Ghorbani, Krishnan, Xiao 2019, arXiv 1901.10159
 *
 * @example
 * instrument(model, { metrics: [[bottomEigenvalue({ on: { x, y } }), every(50)]] });
 */
export const bottomEigenvalue = (options: EigenvalueOptions = {}): Probe =>
  eigenvalueProbe(
    'bottomEigenvalue',
    {
      quantity: 'hessian.bottom_eigenvalue',
      end: 'bottom',
      of: 'H',
      hint: towardsBothEnds,
      operator: ({ hessian }) => hessian,
    },
    options,
  );
