import { add, addN, mean, mul, type Scalar, type Tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { Batch, Mode, Objective } from '../../src/core/objective.js';
import { activationsOf } from './activations/activationsOf.js';
import { captureOutputs } from './captureOutputs.js';
import { recallStates, statefulLayers, zeroStates } from './carriedStates.js';
import { allLayers, hiddenLayers, type LayerInternals, type ModelInternals } from './layersModel.js';
import { type Logits, logitsOf } from './logits.js';
import { override, overriding } from './override.js';
import { type SideEffects, sideEffects } from './sideEffects.js';

/** The data of one step: the batch, and a weight for each example where `fit` was given some. */
export interface StepData extends Batch {
  readonly x: readonly Tensor[];
  readonly y: readonly Tensor[];
  readonly weights: readonly (Tensor | undefined)[];
}

/** Makes the objective of a step from the loss that `fit` minimises in it. */
export type ModelObjective = (
  step: number,
  params: readonly Variable[],
  data: StepData,
  loss: () => Scalar,
) => Objective;

/**
 * How a LayersModel becomes an objective. `loss` of the step itself runs the very closure of `fit`, with its metrics and
 * its batch normalization the first time; all else is evaluated beside it and leaves no trace.
 */
export function modelObjective(model: ModelInternals): ModelObjective {
  const logits = logitsOf(model);
  const layers = hiddenLayers(model);
  const stateful = statefulLayers(model);
  const activations = activationsOf(model);
  // Asked of the model, since fit leaves out the regularizers of a Sequential within a model.
  const hasPenalty = tidy(() => model.calculateLosses().length > 0);
  const penalty = hasPenalty ? (): Scalar => addN(model.calculateLosses()) as Scalar : undefined;

  /** Data of another batch does not go on from the states of this one. */
  const apart = (effects: SideEffects): SideEffects => ({
    ...effects,
    quietly: (f) => effects.quietly(() => overriding(() => zeroStates(stateful), f)),
  });
  const on = (
    effects: SideEffects,
    step: number,
    params: readonly Variable[],
    data: StepData,
    mode: Mode,
  ): Objective => {
    const forward = (): Tensor[] => [model.apply([...data.x], { training: mode === 'training' })].flat();
    const outputs = (): Tensor[] => effects.quietly(() => logits.only(forward));
    const outputLoss = (z: readonly Tensor[]): Scalar => dataLoss(model, logits, data, z);
    const layerOf = (name: string): LayerInternals => {
      const layer = allLayers(model.layers).find((l) => l.name === name);
      if (!layer) throw new RangeError(`there is no layer '${name}'; there are ${layers.join(', ')}`);
      return layer;
    };
    const features = (names: readonly string[]): Tensor[] =>
      effects.quietly(() => captureOutputs(names.map(layerOf), forward).outputs);
    return {
      step,
      params,
      mode,
      batch: { x: single(data.x), y: single(data.y), weights: data.weights },
      layers,
      loss: () => (penalty ? add(outputLoss(outputs()), penalty()) : outputLoss(outputs())),
      outputs,
      outputLoss,
      penalty,
      features,
      withActivations: activations.within,
      withMode: (other) => on(effects, step, params, data, other),
      withBatch: ({ x, y, weights = [] }) => {
        const other = { x: [x].flat() as Tensor[], y: [y].flat() as Tensor[], weights };
        return on(apart(effects), step, params, other, mode);
      },
    };
  };

  return (step, params, data, loss) => {
    const states = recallStates(stateful);
    const effects = sideEffects(params, () => [override(model, 'metricsTensors', []), ...states()]);
    const beside = on(effects, step, params, data, 'training');
    return {
      ...beside,
      loss: () => effects.evaluate(loss),
      // The first evaluation of a step must run the closure of `fit`, which gathers the metrics that fit will log.
      outputs: () => effects.evaluate((first) => (first ? logits.within(loss) : beside.outputs!())),
    };
  };
}

/** The mean over the batch of the losses of all outputs, each example weighted as in `fit`; penalties left out. */
function dataLoss(model: ModelInternals, logits: Logits, data: StepData, z: readonly Tensor[]): Scalar {
  const losses = model.lossFunctions.map((lossFunction, i) => {
    const loss = lossFunction(data.y[i]!, logits.link(i, z[i]!));
    const weights = data.weights[i];
    return weights ? mul(loss, weights) : loss;
  });
  return mean(losses.reduce((sum, loss) => add(sum, loss)));
}

const single = <T>(list: readonly T[]): T | readonly T[] => (list.length === 1 ? list[0]! : list);
