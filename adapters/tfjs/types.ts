/// <reference lib="esnext.disposable" preserve="true" />

import type { NamedTensorMap, Scalar } from '@tensorflow/tfjs-core';
import type { Batch, Mode, Objective } from '../../src/core/objective.js';
import type { RunOptions, Streams } from '../../src/core/run.js';
import type { RunInfo } from '../../src/core/watching.js';
import type { RunState } from './runState.js';

/** What {@link instrument} takes. */
export interface InstrumentOptions extends RunOptions {
  /** Shown by dashboards. Default: the name of the model, or the class of the optimizer. */
  readonly name?: string;
  /** What the objectives of a hand-written loop will carry besides a loss, for the hooks that need it. */
  readonly offers?: readonly ('outputs' | 'batch' | 'features' | 'activations')[];
  /** Where to go on: what `run.state()` gave, with the same interventions and seed. The model's weights are loaded apart. */
  readonly state?: RunState;
}

/**
 * What a hand-written loop minimises in one step: a loss, or outputs and the loss of them; and what hooks may need.
 * Parameters default to all trainable variables.
 */
export interface LoopObjective extends Partial<Omit<Objective, 'step' | 'withBatch' | 'withMode'>> {
  /** The same on other data: of the same step, with the same parameters. */
  readonly withBatch?: ((batch: Batch) => LoopObjective) | undefined;
  /** The same with the model in the other mode. */
  readonly withMode?: ((mode: Mode) => LoopObjective) | undefined;
}

/** An instrumented loop. */
export interface Run extends Streams {
  readonly info: RunInfo;
  /** One step of a hand-written loop, as `optimizer.minimize` would do it; returns the loss, which the caller disposes of. */
  minimize(objective: LoopObjective): Scalar;
  /** The gradient for a loop that applies it by itself; stands in for `tf.variableGrads`. */
  gradients(objective: LoopObjective): { value: Scalar; grads: NamedTensorMap };
  /**
   * All that is needed to go on later but the weights of the model, as plain values; see `RunState`. Changes nothing.
   *
   * @throws Error within a step, and after `stop()`; TypeError if the optimizer is none of tfjs 4.22.
   */
  state(): RunState;
  /** Gives the loop back as it was, ends the streams and flushes the sinks. Calling it again is fine. */
  stop(): Promise<void>;
  /** `stop()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
