import type { Tensor } from '@tensorflow/tfjs-core';
import { checkWhole } from '../core/checkNumber.js';
import type { Batch } from '../core/objective.js';
import { refuseUnless } from '../core/refuseUnless.js';
import { required } from '../core/required.js';
import { rowsOf } from '../core/rowsOf.js';
import type { Probe, Step } from '../core/watching.js';
import { nearestRows } from '../linalg/nearestRows.js';
import { checkBatch, refuseDisposed } from './checkBatch.js';
import { classLabels } from './classLabels.js';
import { type FeatureConditions, featureProbe } from './featureProbe.js';
import { layerFeatures } from './layerFeatures.js';

/** What {@link knnError} takes. */
export interface KnnErrorOptions extends FeatureConditions {
  /** How many neighbours vote. Default 10. */
  readonly k?: number;
  /** Where neighbours are sought: training data, say, while `on` is test data. Default: among the other examples of the set. */
  readonly reference?: Batch;
  /** Which of the targets tells the class, if there are several. Default 0. */
  readonly output?: number;
}

/**
 * `knn.error` [1] by layer: the share of examples whose class is not the one most common among their k nearest neighbours
 * by the features of the layer, maps flattened.
 *
 * Nearest is the largest cosine. The lowest of equally common classes counts, and the earlier of equally near neighbours. An
 * example is no neighbour of itself, so without `reference` each is left out in turn. Targets are one-hot, probabilities,
 * or whole numbers, one class an example.
 *
 * Cost: a forward pass for all layers together, counted as a third of a gradient evaluation and shared with the other
 * probes of features; another on `reference`; then for each layer, on the host in float64, as many multiplications as there
 * are examples · neighbours · features, or half as many without `reference`: about 1 s for 1,000 examples of 1,000 features.
 *
 * @throws RangeError or TypeError if k is not a whole number below the number of examples, or up to that of `reference`;
 *   `reference` is given without `on`, or does not fit it; output is not an index; layers is empty, or the conditions are
 *   not sound; when the run is made, if there is no layer of that name; when measuring, if features are not finite, targets
 *   tell no classes, or the batch of the step has no more than k examples.
 * @see Andriushchenko, Bahri, Mobahi, Flammarion 2023, arXiv 2305.16292: k = 10, test data against training data
 *
 * @example
 * instrument(model, { metrics: [[knnError({ on: probeSet(test), reference: probeSet(training) }), every(100)]] });
 */
export function knnError(options: KnnErrorOptions = {}): Probe {
  const { k = 10, reference, output = 0, ...conditions } = checked(options);
  const { on, mode } = conditions;
  const attributes = { k, neighbours: reference ? 'of the reference' : 'of the same set' };
  const probe = featureProbe('knnError', { 'knn.error': '1' }, conditions, ({ features, layer, layers, step }) => {
    const classes = classesOf(step, on ?? required('knnError', step.objective, 'batch').batch, output);
    if (!reference) refuseFew(k, features.rows - 1);
    if (reference) refuseDisposed('knnError: reference', reference);
    // Of all layers, since they take one forward pass together, which the next layer finds made.
    const among = reference && layerFeatures(step, 'knnError', layers, { on: reference, mode })[layers.indexOf(layer)]!;
    const known = reference ? classesOf(step, reference, output) : classes;
    const votes = nearestRows(features, k, among).map((near) => mostCommon(near.map((at) => known[at]!)));
    const wrong = votes.filter((vote, i) => vote !== classes[i]).length;
    return [{ name: 'knn.error', value: wrong / votes.length, attributes }];
  });
  return { ...probe, needs: { ...probe.needs, batch: true } };
}

/** Read back once a step for all layers. */
function classesOf(step: Step, set: Batch, output: number): readonly number[] {
  const targets = targetsOf(set, output);
  return step.once(`classes of tensor ${targets.id}`, () => classLabels('knnError', targets));
}

function targetsOf({ y }: Batch, output: number): Tensor {
  const all = [y].flat() as Tensor[];
  if (all[output]) return all[output];
  throw new RangeError(`knnError: output must be below ${all.length}, the number of targets, got ${output}`);
}

/** The lowest of several. */
function mostCommon(classes: readonly number[]): number {
  const votes = new Map<number, number>();
  for (const one of classes) votes.set(one, (votes.get(one) ?? 0) + 1);
  return [...votes].reduce((best, other) =>
    other[1] > best[1] || (other[1] === best[1] && other[0] < best[0]) ? other : best,
  )[0];
}

function refuseFew(k: number, neighbours: number): void {
  const most = `at most the number of neighbours, ${neighbours}`;
  refuseUnless(k <= neighbours, 'knnError: k', most, k, 'measure on a larger fixed set');
}

function checked(options: KnnErrorOptions): KnnErrorOptions {
  const { k = 10, on, reference, output = 0 } = options;
  checkWhole('knnError: k', k);
  checkWhole('knnError: output', output, 0);
  checkSets(k, output, on, reference);
  return options;
}

function checkSets(k: number, output: number, on: Batch | undefined, reference: Batch | undefined): void {
  if (reference && !on) {
    throw new TypeError('knnError: on must be given with reference, the examples to classify');
  }
  if (!on) return;
  checkBatch('knnError: on', on);
  targetsOf(on, output);
  if (reference) {
    checkBatch('knnError: reference', reference);
    checkAlike(on, reference);
  }
  refuseFew(k, reference ? rowsOf(reference) : rowsOf(on) - 1);
}

/** What fits the model and its loss is known of `on` when the run is made; the reference must be of the same shapes. */
function checkAlike(on: Batch, reference: Batch): void {
  const shapes = ({ x, y }: Batch): string =>
    [x, y]
      .flat()
      .map(({ shape }) => `[${['n', ...shape.slice(1)]}]`)
      .join(', ');
  const [theirs, ours] = [shapes(reference), shapes(on)];
  refuseUnless(theirs === ours, 'knnError: reference', `shaped as on, ${ours}`, theirs);
}
