import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Findings, measureOnce } from '../../src/core/measureOnce.js';
import type { Batch, Mode, Objective } from '../../src/core/objective.js';
import type { Probe } from '../../src/core/watching.js';
import { checkSet } from './checkProbeSets.js';
import { compiledModel } from './layersModel.js';
import { modelObjective } from './modelObjective.js';

/** What {@link measure} takes. */
export interface MeasureOptions {
  /** The data to measure on. */
  readonly on: Batch;
  readonly metrics: readonly Probe[];
  /** How dropout and batch normalization behave, where a probe does not say. Default 'inference'. */
  readonly mode?: Mode;
  /** Seeds the random directions of the probes. Default 0: the same model and data give the same numbers. */
  readonly seed?: number;
  /** Told of each probe before it measures. */
  readonly began?: (probe: Probe, index: number) => void;
}

/**
 * Measures a model on a data set, without training it: curvature, sharpness and ranks at the weights it has.
 *
 * A probe that throws is among the `failures`, and the others go on. Weights, optimizer and random stream stay untouched.
 *
 * @throws Error if the model is not compiled, since its loss is told by `compile`, or no weight is trainable; RangeError if
 *   the data do not fit it.
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
 * const { measurements } = measure(model, { on: { x, y }, metrics: [topEigenvalue(), featureRank()] });
 */
export function measure(
  model: LayersModel,
  { on, metrics, mode = 'inference', seed = 0, began = () => {} }: MeasureOptions,
): Findings {
  return measureOnce(objectiveOn(model, on).withMode!(mode), metrics, { seed, began, now: () => performance.now() });
}

/** The loss that `fit` would minimise, on all of the data. */
function objectiveOn(model: LayersModel, on: Batch): Objective {
  const inner = compiledModel(model);
  checkSet('measure', on, inner);
  const params = model.trainableWeights.map((weight) => weight.read() as Variable);
  if (params.length === 0)
    throw new Error(`measure: no weight of the model ${model.name} is trainable; set layer.trainable`);
  const data = { x: [on.x].flat() as Tensor[], y: [on.y].flat() as Tensor[], weights: on.weights ?? [] };
  // On another batch than the loop's, and so beside it: of the loop itself, which is not there, nothing is evaluated.
  return modelObjective(inner)(0, params, data, noLoop).withBatch!(on);
}

function noLoop(): never {
  throw new Error('measure: there is no loop whose loss could be evaluated');
}
