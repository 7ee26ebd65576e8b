import type { Probe } from '../core/watching.js';
import { type EigenvalueOptions, eigenvalueProbe } from './eigenvalueProbe.js';

/**
 * `gauss_newton.top_eigenvalue` = the largest eigenvalue of G = Jᵀ H_z J at the logits z.
 * `gauss_newton.top_eigenvalue_residual` = ‖G x − λ x‖ / |λ|.
 *
 * Never negative for a loss that is convex in z. Late in training it is nearly that of H: what the network bends is then
 * small along it. Where the products did not suffice, both carry `converged: false`.
 *
 * Cost: 1 gradient for the record, shared between the curvature probes of a step, and 4/3 for each product. Needs outputs.
 *
 * @throws RangeError or TypeError if tolerance, until or maxProducts are out of range, or the conditions are not sound.
 * @see Papyan 2019, arXiv 1901.08244; Dauphin, Agarwala, Mobahi 2024, arXiv 2401.10809
 */
export const gaussNewtonTopEigenvalue = (options: EigenvalueOptions = {}): Probe =>
  eigenvalueProbe(
    'gaussNewtonTopEigenvalue',
    {
      quantity: 'gauss_newton.top_eigenvalue',
      end: 'top',
      of: 'G',
      needsOutputs: true,
      operator: ({ parts }) => parts?.gaussNewton,
    },
    options,
  );
