import type { Gradient, GradientFn, Objective } from './objective.js';
import { rowsOf } from './rowsOf.js';
import type { Ledger } from './watching.js';

/** The loop's own gradient within one step: counted, and remembered where it is the plain gradient of the step. */
export interface Innermost {
  readonly gradient: GradientFn;
  /** L and ∇L of the step's objective at the weights the step began with: remembered, else evaluated. */
  plain(): Gradient;
}

/**
 * An intervention usually begins with the plain gradient, which probes want as well; it is evaluated once for both.
 *
 * Weights are at w_t when every parameter holds the very buffer it held at the start, which restoring them brings back.
 */
export function innermost(base: Objective, compute: GradientFn, ledger: Ledger): Innermost {
  const { params } = base;
  const buffers = params.map((p) => p.dataId);
  let remembered: Gradient | undefined;
  const gradient: GradientFn = (objective) => {
    const { differentiate, loss } = objective;
    const result = differentiate
      ? differentiate({ ...objective, differentiate: undefined }, compute)
      : compute(objective);
    ledger.evaluated((result.cost ?? 1) * share(objective, base));
    if (loss === base.loss && !differentiate && params.every((p, i) => p.dataId === buffers[i])) remembered = result;
    return result;
  };
  const isAlive = ({ loss, grads }: Gradient): boolean =>
    !loss.isDisposed && Object.values(grads).every((t) => !t.isDisposed);
  return {
    gradient,
    plain: () => (remembered && isAlive(remembered) ? remembered : gradient(base)),
  };
}

/** How much of the batch of the step it is on. */
const share = ({ batch }: Objective, base: Objective): number =>
  batch && base.batch && batch !== base.batch ? rowsOf(batch) / rowsOf(base.batch) : 1;
