import type { Objective } from '../../core/objective.js';
import type { Curvature } from '../curvature.js';
import { curvatureBy } from '../curvatureBy.js';
import { differenceComposition } from './differenceComposition.js';
import { differenceGradient } from './differenceGradient.js';

/**
 * The curvature by central differences, where a kernel has no second derivative: first gradients are all it takes. Good to
 * some 1e-4 of ‖H v‖ where the loss is smooth, and not to be trusted beside kinks; `curvatureOf` says what it holds.
 *
 * - Cost: 1 gradient; then H 2, G 4/3, NME 2, all three at once 8/3 a product, as by the exact engine.
 * - A product moves the weights and puts them back bit for bit, also if the loss throws. It is taken around the weights
 *   of this call, wherever they are by then; the data must live until `dispose`.
 *
 * @throws Error if the loss is not finite, or a kernel has no first derivative, naming it.
 */
export const curvatureByDifferences = (objective: Objective): Curvature =>
  curvatureBy(
    { engine: 'finite-difference', gradient: differenceGradient, composition: differenceComposition },
    objective,
  );
