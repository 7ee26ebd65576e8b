import type { Probe } from '../core/watching.js';
import { type EigenvalueOptions, eigenvalueProbe } from './eigenvalueProbe.js';

/**
 * `penalty_hessian.top_eigenvalue` = the largest eigenvalue of the Hessian of the penalties that the objective tells apart, such
 * as the regularizers of layers. `penalty_hessian.top_eigenvalue_residual` = ‖P x − λ x‖ / |λ|.
 *
 * It stands beside `hessian.top_eigenvalue`, which leaves penalties out. Measures nothing where there are none. Penalties
 * that interventions add are not the model's, and not in it.
 *
 * Cost: 1 gradient for the record, shared between the curvature probes of a step, and 2 for each product.
 *
 * @throws RangeError or TypeError if tolerance, until or maxProducts are out of range, or the conditions are not sound.
 */
export const penaltyTopEigenvalue = (options: EigenvalueOptions = {}): Probe =>
  eigenvalueProbe(
    'penaltyTopEigenvalue',
    {
      quantity: 'penalty_hessian.top_eigenvalue',
      end: 'top',
      of: 'the penalty',
      operator: ({ penalty }) => penalty,
    },
    options,
  );
