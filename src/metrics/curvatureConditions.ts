import { checkOneOf } from '../core/checkOneOf.js';
import type { Engine } from '../curvature/curvatureOf.js';
import type { ProbeConditions } from './probedObjective.js';

/** Where and how a probe of curvature evaluates the network. */
export interface CurvatureConditions extends ProbeConditions {
  /**
   * Default 'exact'. 'finite-difference' takes differences of gradients instead: for a network with a kernel that cannot
   * be differentiated twice. It errs beside kinks (ReLU, max), and nothing checks it: it is what the self-check checks with.
   */
  readonly engine?: Engine | undefined;
}

/** @throws RangeError, in the name of `who`, if the engine is unknown. */
export function checkEngine(who: string, { engine = 'exact' }: CurvatureConditions): void {
  checkOneOf(`${who}: engine`, engine, ['exact', 'finite-difference']);
}
