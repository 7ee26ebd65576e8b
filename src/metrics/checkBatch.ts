import { describe } from '../core/describe.js';
import type { Batch } from '../core/objective.js';

/**
 * Checks a set that a caller gives; `what` names the probe and the option: 'featureRank: on'.
 *
 * @throws TypeError or RangeError if it is not made of tensors with as many inputs as targets, at least one.
 */
export function checkBatch(what: string, batch: Batch): void {
  const tensors = [batch?.x, batch?.y].flat();
  if (tensors.some((t) => !t?.shape))
    throw new TypeError(`${what} must be { x, y } of tensors, got ${describe(batch)}`);
  refuseDisposed(what, batch);
  const sizes = new Set(tensors.map((t) => t!.shape[0] ?? 0));
  if (sizes.size > 1 || sizes.has(0)) {
    const shapes = tensors.map((t) => `[${t!.shape}]`).join(', ');
    throw new RangeError(`${what} must hold equally many inputs and targets, at least one, got shapes ${shapes}`);
  }
}

/** @throws Error at every measurement, since the caller may dispose of them at any time. */
export function refuseDisposed(what: string, { x, y }: Batch): void {
  if ([x, y].flat().some(({ isDisposed }) => isDisposed)) {
    throw new Error(`${what} holds a tensor that is disposed of; keep it until the run has stopped`);
  }
}
