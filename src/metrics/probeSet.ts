import { gather, tensor1d } from '@tensorflow/tfjs-core';
import { checkSeed, checkWhole } from '../core/checkNumber.js';
import type { Batch } from '../core/objective.js';
import { mapBatch } from '../core/partsOf.js';
import { random } from '../core/random.js';
import { rowsOf } from '../core/rowsOf.js';
import { checkBatch } from './checkBatch.js';

/** What {@link probeSet} takes. */
export interface ProbeSetOptions {
  /** How many are drawn. Default 512. */
  readonly examples?: number;
  /** A whole number; the same one draws the same examples. Default 0. */
  readonly seed?: number;
}

/**
 * A fixed set to measure on: examples drawn from a data set at random, each at most once, in the order of the data.
 *
 * Ranks, units and neighbours depend on how many examples there are, and on which: measured on one set by all probes, in
 * all runs, they compare. The tensors are new and the caller's to dispose of, once the run has stopped.
 *
 * @param data inputs and targets, `[all, ...]` each; a list where the model has several inputs or outputs.
 * @throws RangeError or TypeError if data is not made of tensors of equally many rows, there are fewer than `examples`, or
 *   the seed is not a whole number.
 *
 * @example
 * const on = probeSet({ x, y }, { examples: 1000, seed: 1 });
 * instrument(model, { metrics: [[featureRank({ on }), every(50)], [unitActivity({ on }), every(50)]] });
 */
export function probeSet<B extends Batch>(data: B, { examples = 512, seed = 0 }: ProbeSetOptions = {}): B {
  checkBatch('probeSet: data', data);
  checkSeed('probeSet: seed', seed);
  const rows = rowsOf(data);
  checkWhole('probeSet: examples', examples, 1, rows, 'data has no more');
  const at = tensor1d(drawn(rows, examples, seed), 'int32');
  const set = mapBatch(data, (t) => gather(t, at));
  at.dispose();
  return set as B;
}

/** So many of the numbers below `rows`, ascending: the first draws of a shuffle. */
function drawn(rows: number, count: number, seed: number): Int32Array {
  const draw = random(seed);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(draw() * (rows - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order.subarray(0, count).sort();
}
