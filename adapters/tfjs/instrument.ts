import type { NamedTensorMap, Optimizer, Scalar } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunOptions, Streams } from '../../src/core/run.js';
import type { Objective, RunInfo } from '../../src/core/types.js';
import { instrumentModel } from './instrumentModel.js';
import { instrumentOptimizer } from './instrumentOptimizer.js';

export interface InstrumentOptions extends RunOptions {
  /** Shown by dashboards. Default: the name of the model, or the class of the optimizer. */
  readonly name?: string;
  /** What the objectives of a hand-written loop will carry besides a loss, for the hooks that need it. */
  readonly offers?: readonly ('outputs' | 'batch' | 'features')[];
}

/**
 * What a hand-written loop minimises in one step: a loss, or outputs and the loss of them; and what hooks may need.
 * Parameters default to all trainable variables.
 */
export type LoopObjective = Partial<Omit<Objective, 'step'>>;

/** An instrumented loop. */
export interface Run extends Streams {
  readonly info: RunInfo;
  /** One step of a hand-written loop, as `optimizer.minimize` would do it; returns the loss, which the caller disposes of. */
  minimize(objective: LoopObjective): Scalar;
  /** The gradient for a loop that applies it by itself; stands in for `tf.variableGrads`. */
  gradients(objective: LoopObjective): { value: Scalar; grads: NamedTensorMap };
  /** Gives the loop back as it was, ends the streams and flushes the sinks. Calling it again is fine. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Adds interventions, probes and sinks to a training loop that stays as it is.
 *
 * A LayersModel is watched through `fit`, `fitDataset` and `trainOnBatch`; an optimizer through every `minimize`.
 * With no option set a step passes through untouched.
 *
 * @throws Error if the target is instrumented already, or is a model that is not compiled; TypeError if a hook needs what
 * the loop does not offer, naming the remedy; RangeError for a layer that does not exist.
 *
 * @example
 * const run = instrument(model, { interventions: [sam({ rho: 0.05 })], metrics: [[topEigenvalue(), every(50)]] });
 * await model.fit(x, y, { epochs: 10 });
 * await run.stop();
 */
export function instrument(target: LayersModel | Optimizer, options: InstrumentOptions = {}): Run {
  return isOptimizer(target) ? instrumentOptimizer(target, options) : instrumentModel(target, options);
}

const isOptimizer = (target: LayersModel | Optimizer): target is Optimizer =>
  typeof (target as Partial<Optimizer>)?.computeGradients === 'function';
