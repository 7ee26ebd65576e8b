import type { Objective } from '../core/objective.js';
import type { Curvature } from './curvature.js';
import { curvatureBy } from './curvatureBy.js';
import { linearizeComposition } from './linearize/linearizeComposition.js';
import { linearizeGradient } from './linearize/linearizeGradient.js';

/**
 * The curvature by derivatives of the recorded gradient; `curvatureOf` says what it holds and costs.
 *
 * @throws Error if the loss is not finite, or a kernel cannot be differentiated twice, naming it.
 */
export const exactCurvature = (objective: Objective): Curvature =>
  curvatureBy({ engine: 'exact', gradient: linearizeGradient, composition: linearizeComposition }, objective);
