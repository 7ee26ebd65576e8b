import { add, engine, type Scalar, type Variable } from '@tensorflow/tfjs-core';
import type { Objective } from '../../src/core/objective.js';
import { metStates } from './carriedStates.js';
import { type SideEffects, sideEffects } from './sideEffects.js';
import type { LoopObjective } from './types.js';

/** All variables that train, as tfjs takes them where a loop names none. */
export const trainableVariables = (): Variable[] =>
  Object.values(engine().registeredVariables).filter(({ trainable }) => trainable);

/**
 * Makes the objective of a hand-written loop re-evaluable: only its first evaluation leaves a trace.
 *
 * @throws TypeError if it has neither a loss nor outputs with their loss.
 */
export function loopObjective(given: LoopObjective, step: number): Objective {
  const params = (given.params ?? trainableVariables()).filter(({ trainable }) => trainable);
  const { note, recall } = metStates();
  const effects = sideEffects(params, recall, note);
  return guarded(given, step, params, effects, (f) => effects.evaluate(f));
}

function guarded(
  given: LoopObjective,
  step: number,
  params: readonly Variable[],
  effects: SideEffects,
  evaluate: <T>(f: () => T) => T,
): Objective {
  const { outputs, features, withBatch, withMode } = given;
  const loss = given.loss ?? lossOfOutputs(given);
  const beside = (other: LoopObjective): Objective =>
    guarded({ ...other, params }, step, params, effects, effects.quietly);
  return {
    ...given,
    step,
    params,
    loss: () => evaluate(loss),
    outputs: outputs && (() => evaluate(outputs)),
    features: features && ((layers) => effects.quietly(() => features(layers))),
    withBatch: withBatch && ((batch) => beside(withBatch(batch))),
    withMode: withMode && ((mode) => beside(withMode(mode))),
  };
}

/** @throws TypeError if there are no outputs, or no loss of them. */
export function lossOfOutputs({ outputs, outputLoss, penalty }: LoopObjective): () => Scalar {
  if (!outputs || !outputLoss) {
    throw new TypeError('run.minimize: the objective must have loss, or outputs and outputLoss');
  }
  return () => {
    const loss = outputLoss(outputs());
    return penalty ? add(loss, penalty()) : loss;
  };
}
