import type { Probe } from '../core/watching.js';
import { dot } from '../linalg/dot.js';
import { alongGradientProbe } from './alongGradient.js';
import type { CurvatureConditions } from './curvatureConditions.js';

/**
 * `hessian.rayleigh_gradient` = ĝᵀHĝ, ĝ = ∇L/‖∇L‖: how the data loss bends the way that gradient descent goes.
 *
 * Between λ_min and λ_max; near λ_max when training bounces between the walls of a valley. Measures nothing where ∇L = 0.
 *
 * Cost: 1 gradient for the record, shared between the curvature probes of a step; one product, 8/3 gradients where the
 * loop offers outputs, else 2, shared with `nmeAlongGradient`. The first of a run adds the self-check.
 *
 * @throws RangeError or TypeError if the conditions are not sound.
 * @see Jastrzębski et al. 2019, arXiv 1807.05031
 *
 * @example
 * instrument(model, { metrics: [[rayleighGradient({ on: { x, y } }), every(50)]] });
 */
export const rayleighGradient = (conditions: CurvatureConditions = {}): Probe =>
  alongGradientProbe(
    'rayleighGradient',
    { quantity: 'hessian.rayleigh_gradient', read: ({ direction, hessian }) => dot(direction, hessian) },
    conditions,
  );
