import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend, OpAttribute } from './nodeBackend.js';

/** Operations of TensorFlow on tensors that are given by the numbers that tfjs-node knows them by. */
export interface Operations {
  /** The results of an operation, of which there are `outputs`; 1 unless said. */
  run(op: string, attributes: readonly OpAttribute[], ids: readonly number[], outputs?: number): number[];
  /** The one result of an operation, as a tensor of tfjs. */
  tensor(op: string, attributes: readonly OpAttribute[], ids: readonly number[]): TensorInfo;
  /** Whole numbers that an operation asks for as a tensor, such as axes. */
  indices(values: readonly number[]): number;
}

/**
 * Computes by operations whose results do not become tensors of tfjs, which has no float64, no int64 and no bytes. They
 * are deleted at the end, also when an operation throws.
 */
export function withIntermediates<T>(node: NodeBackend, compute: (operations: Operations) => T): T {
  const { binding } = node;
  const made: number[] = [];
  const kept = (id: number): number => {
    made.push(id);
    return id;
  };
  try {
    return compute({
      run: (op, attributes, ids, outputs = 1) =>
        binding.executeOp(op, attributes, ids, outputs).map(({ id }) => kept(id)),
      tensor: (op, attributes, ids) => node.createOutputTensor(binding.executeOp(op, attributes, ids, 1)[0]!),
      indices: (values) => kept(binding.createTensor([values.length], binding.TF_INT32, Int32Array.from(values))),
    });
  } finally {
    for (const id of made) binding.deleteTensor(id);
  }
}
