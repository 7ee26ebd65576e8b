import type { NodeBackend, OpAttribute } from './nodeBackend.js';

/** Runs an operation of TensorFlow on tensors, and gives its results, by the numbers that tfjs-node knows them by. */
export type RunOp = (
  op: string,
  attributes: readonly OpAttribute[],
  ids: readonly number[],
  outputs?: number,
) => number[];

/**
 * Computes by operations whose results do not become tensors of tfjs, which has no float64, no int64 and no bytes. They
 * are deleted at the end, also when an operation throws.
 */
export function withIntermediates<T>({ binding }: NodeBackend, compute: (run: RunOp) => T): T {
  const made: number[] = [];
  try {
    return compute((op, attributes, ids, outputs = 1) => {
      const results = binding.executeOp(op, attributes, ids, outputs).map(({ id }) => id);
      made.push(...results);
      return results;
    });
  } finally {
    for (const id of made) binding.deleteTensor(id);
  }
}
