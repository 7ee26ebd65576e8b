import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { checkWhole } from '../../src/core/checkNumber.js';
import { inParts } from '../../src/core/inParts.js';
import { type Findings, measureOnce } from '../../src/core/measureOnce.js';
import type { Batch, Mode, Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { rowsOf } from '../../src/core/rowsOf.js';
import type { Probe } from '../../src/core/watching.js';
import { scoped } from '../../src/curvature/tape/scoped.js';
import { checkSet } from './checkProbeSets.js';
import { compiledModel } from './layersModel.js';
import { modelObjective } from './modelObjective.js';
import { withRandom } from './withRandom.js';

/** What {@link measure} takes. */
export interface MeasureOptions {
  /** The data to measure on. */
  readonly on: Batch;
  readonly metrics: readonly Probe[];
  /** Examples in memory at a time; each product, or 8 directions of a trace, then cost a gradient more. Default: all of them. */
  readonly batchSize?: number | undefined;
  /** How dropout and batch normalization behave, where a probe does not say. Default 'inference'. */
  readonly mode?: Mode;
  /** Seeds the random directions of the probes, and dropout in training mode. Default 0: the same model and data give the same numbers. */
  readonly seed?: number;
  /** Told how far it has come: as each probe begins, and after each batch. */
  readonly onProgress?: (progress: MeasureProgress) => void;
}

/** How far {@link measure} has come. */
export interface MeasureProgress {
  readonly probe: string;
  /** Its place among the metrics. */
  readonly index: number;
  /** Passes over the data that it has begun, where they are taken in batches. */
  readonly passes: number;
}

/**
 * Measures a model on a data set, without training it: curvature, sharpness and ranks at the weights it has.
 *
 * A probe that throws is among the `failures`, and the others go on. Weights, optimizer and random stream stay untouched.
 *
 * Cost: that of the probes. With `batchSize` each product with H, G or NME costs 1 gradient more, to record each batch anew;
 * of the directions of a trace 8 share that.
 *
 * @throws Error if the model is not compiled, since its loss is told by `compile`, or no weight is trainable; RangeError if
 *   the data do not fit it, or batchSize is not a whole number >= 1.
 *
 * @example
 * model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
 * const { measurements } = measure(model, { on: { x, y }, metrics: [topEigenvalue(), featureRank()] });
 */
export function measure(
  model: LayersModel,
  { on, metrics, batchSize, mode = 'inference', seed = 0, onProgress = () => {} }: MeasureOptions,
): Findings {
  if (batchSize !== undefined) checkWhole('measure: batchSize', batchSize);
  let here = { probe: '', index: 0 };
  let examples = 0;
  const began = ({ name: probe }: Probe, index: number): void => {
    [here, examples] = [{ probe, index }, 0];
    onProgress({ ...here, passes: 0 });
  };
  const visited = (batch: Batch): void => {
    examples += rowsOf(batch);
    onProgress({ ...here, passes: Math.ceil(examples / rowsOf(on)) });
  };
  const measured = (): Findings => {
    const whole = objectiveOn(model, on).withMode!(mode);
    const objective = batchSize === undefined ? whole : telling(inParts(whole, batchSize), visited);
    return measureOnce(objective, metrics, { seed, began, now: () => performance.now() });
  };
  // Dropout in training mode draws from a stream of its own.
  return scoped(() => withRandom(random(seed), measured));
}

/** The same objective, which tells of each batch it is taken to. */
const telling = (objective: Objective, visited: (batch: Batch) => void): Objective => ({
  ...objective,
  withBatch(batch) {
    visited(batch);
    return objective.withBatch!(batch);
  },
});

/** The loss that `fit` would minimise, on all of the data. */
function objectiveOn(model: LayersModel, on: Batch): Objective {
  const inner = compiledModel(model);
  checkSet('measure', on, inner);
  const params = model.trainableWeights.map((weight) => weight.read() as Variable);
  if (params.length === 0) {
    throw new Error(`measure: no weight of the model ${model.name} is trainable; set layer.trainable`);
  }
  const data = { x: [on.x].flat() as Tensor[], y: [on.y].flat() as Tensor[], weights: on.weights ?? [] };
  // On another batch than the loop's, and so beside it: of the loop itself, which is not there, nothing is evaluated.
  return modelObjective(inner)(0, params, data, noLoop).withBatch!(on);
}

function noLoop(): never {
  throw new Error('measure: there is no loop');
}
