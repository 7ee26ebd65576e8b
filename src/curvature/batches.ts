import { dispose } from '@tensorflow/tfjs-core';
import type { Batch, Objective } from '../core/objective.js';
import type { Curvature } from './curvature.js';
import { type CurvatureOptions, curvatureOf } from './curvatureOf.js';
import { addScaled, scale } from './spectrum/weightSpace.js';

/** A list of batches, or a function that makes them anew for each pass. */
export type Batches = Iterable<Batch> | (() => Iterable<Batch>);

/** How far a pass over the batches has come. */
export interface Progress {
  /** Passes begun: the first takes loss and gradient, each product is one more. */
  readonly pass: number;
  /** Batches done in this pass, and examples in them. */
  readonly batches: number;
  readonly examples: number;
  /** Examples of the whole pass; unknown in the first. */
  readonly of: number | undefined;
}

/**
 * Visits the curvature of every batch, and gives the mean over all examples of the vectors the visits give. A visit is told
 * what share of the examples it sees; in the first pass nobody knows.
 */
export type MeanOver = (visit: (curvature: Curvature, share: number) => readonly Float64Array[]) => Float64Array[];

/**
 * Passes over batches, the curvature of one after the other, each let go before the next.
 *
 * @throws TypeError if the objective cannot be evaluated on another batch.
 * @throws RangeError, at a pass, if it has no example, or not as many as the first.
 */
export function meanOver(
  objective: Objective,
  batches: Batches,
  options: CurvatureOptions,
  onProgress: (progress: Progress) => void = () => {},
): MeanOver {
  const { withBatch } = objective;
  if (!withBatch) {
    throw new TypeError('curvatureOver: this objective cannot be evaluated on other batches; give it withBatch');
  }
  let [pass, of]: [number, number | undefined] = [0, undefined];
  return (visit) => {
    pass++;
    let sums: Float64Array[] | undefined;
    let [done, examples] = [0, 0];
    for (const batch of each(batches)) {
      const size = sizeOf(batch);
      // Penalties are of no batch.
      const curvature = curvatureOf({ ...withBatch(batch), penalty: undefined }, options);
      try {
        const found = visit(curvature, size / (of ?? Number.NaN));
        sums ??= found.map(({ length }) => new Float64Array(length));
        for (const [i, sum] of sums.entries()) addScaled(sum, size, found[i]!);
      } finally {
        curvature.dispose();
      }
      examples += size;
      onProgress({ pass, batches: ++done, examples, of });
    }
    checkExamples(examples, of);
    of = examples;
    for (const sum of sums!) scale(sum, 1 / examples);
    return sums!;
  };
}

/** Frees what a function made, also when the pass ends amid a batch. */
function* each(batches: Batches): Generator<Batch> {
  if (typeof batches !== 'function') return yield* batches;
  for (const batch of batches()) {
    try {
      yield batch;
    } finally {
      dispose([batch.x, batch.y, batch.weights ?? []].flat(2) as Parameters<typeof dispose>[0]);
    }
  }
}

const sizeOf = ({ x }: Batch): number => [x].flat()[0]?.shape[0] ?? 0;

function checkExamples(examples: number, first = examples): void {
  if (examples !== first) {
    throw new RangeError(
      `curvatureOver: every pass must bring the same examples, got ${examples} after ${first}; ` +
        'give a list, or a function that begins anew',
    );
  }
  if (examples === 0) throw new RangeError('curvatureOver: batches must hold at least one example, got none');
}
