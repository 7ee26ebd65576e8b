import type { Engine } from '../curvature/curvatureOf.js';
import { checkConditions, type ProbeConditions } from './probedObjective.js';

/** Where and how a probe of curvature evaluates the network. */
export interface CurvatureConditions extends ProbeConditions {
  /**
   * Default 'exact'. 'finite-difference' takes differences of gradients instead: for a network with a kernel that cannot
   * be differentiated twice. It errs beside kinks (ReLU, max), and nothing checks it: it is what the self-check checks with.
   */
  readonly engine?: Engine | undefined;
}

/** @throws RangeError or TypeError if the engine is unknown, or the conditions are not sound. */
export function checkConditionsOfCurvature(
  who: string,
  { engine = 'exact', ...conditions }: CurvatureConditions,
): void {
  if (engine !== 'exact' && engine !== 'finite-difference') {
    throw new RangeError(`${who}: engine must be 'exact' or 'finite-difference', got ${engine}`);
  }
  checkConditions(who, conditions);
}
