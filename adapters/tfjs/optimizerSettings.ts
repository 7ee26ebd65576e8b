import type { Optimizer } from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../../src/core/watching.js';
import { learningRateOf } from './updating.js';

/** What an optimizer tells of itself; `undefined` for one without a learning rate. tfjs 4.22 keeps it in these fields. */
export function optimizerSettings(optimizer: Optimizer): OptimizerSettings | undefined {
  const learningRate = learningRateOf(optimizer);
  if (learningRate === undefined) return undefined;
  const { momentum, useNesterov: nesterov } = optimizer as { momentum?: number; useNesterov?: boolean };
  return { kind: optimizer.getClassName(), learningRate, momentum, nesterov };
}
