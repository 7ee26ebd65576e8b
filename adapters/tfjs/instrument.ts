import type { Optimizer } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkOptions } from '../../src/core/checkOptions.js';
import { instrumentModel } from './instrumentModel.js';
import { instrumentOptimizer } from './instrumentOptimizer.js';
import type { InstrumentOptions, Run } from './types.js';

/**
 * Adds interventions, probes and sinks to a training loop that stays as it is.
 *
 * A LayersModel is watched through `fit`, `fitDataset` and `trainOnBatch`; an optimizer through every `minimize`.
 * With no option set a step passes through untouched.
 *
 * @throws Error if the target is instrumented already, or is a model that is not compiled; TypeError if an option is not
 * what it must be, or a hook needs what the loop does not offer, naming the remedy; RangeError for a layer that does not
 * exist, or a probe set that does not fit the model.
 *
 * @example
 * const run = instrument(model, { interventions: [sam({ rho: 0.05 })], metrics: [[topEigenvalue(), every(50)]] });
 * await model.fit(x, y, { epochs: 10 });
 * await run.stop();
 */
export function instrument(target: LayersModel | Optimizer, options: InstrumentOptions = {}): Run {
  checkOptions(options);
  checkNames(options);
  return isOptimizer(target) ? instrumentOptimizer(target, options) : instrumentModel(target, options);
}

const isOptimizer = (target: LayersModel | Optimizer): target is Optimizer =>
  typeof (target as Partial<Optimizer>)?.computeGradients === 'function';

const OPTIONS: Readonly<Record<keyof InstrumentOptions, true>> = {
  interventions: true,
  metrics: true,
  sinks: true,
  alerts: true,
  reports: true,
  seed: true,
  keep: true,
  name: true,
  offers: true,
  state: true,
};

/** @throws TypeError for an option that does not exist: a misspelt one would be passed over in silence. */
function checkNames(options: InstrumentOptions): void {
  const unknown = Object.keys(options).find((name) => !(name in OPTIONS));
  if (unknown === undefined) return;
  throw new TypeError(`instrument: there is no option '${unknown}'; there are ${Object.keys(OPTIONS).join(', ')}`);
}
