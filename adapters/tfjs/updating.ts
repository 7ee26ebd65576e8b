import type { Optimizer } from '@tensorflow/tfjs-core';
import type { RunCore } from '../../src/core/run.js';
import { override } from './override.js';

/** Lets the run wrap `applyGradients` of an optimizer, if anything in it does; returns what undoes it. */
export function updating(optimizer: Optimizer, core: RunCore): readonly (() => void)[] {
  if (!core.updates) return [];
  const apply = optimizer.applyGradients.bind(optimizer);
  return [override(optimizer, 'applyGradients', (grads) => core.apply(() => apply(grads), learningRateOf(optimizer)))];
}

/** η as it is now: every optimizer of tfjs 4.22 keeps it in a field of this name. */
export function learningRateOf(optimizer: Optimizer): number | undefined {
  const { learningRate } = optimizer as { learningRate?: unknown };
  return typeof learningRate === 'number' ? learningRate : undefined;
}
