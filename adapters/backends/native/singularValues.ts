import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';
import { withIntermediates } from './withIntermediates.js';

/** float64 of TensorFlow: tfjs has no tensors of it, so those in between are handled by their numbers. */
const TF_DOUBLE = 2;

/** What is subtracted: the mean of each column, of each row, or nothing. */
interface SingularValuesAttrs {
  readonly centering?: 'columns' | 'rows' | 'none';
}

/**
 * `SingularValues`, `{ input }`, `{ centering }`, by `engine().runKernel`: of a matrix `[rows, columns]`, whose columns or
 * rows are centred before if so asked, the min(rows, columns) singular values, ascending.
 *
 * They are the roots of the eigenvalues of the smaller Gram matrix, in float64: one in float32 loses what is below a
 * thousandth of the largest singular value, and much of the features of a network is. 1,000 × 512 take 34 to 42 ms on two
 * cores, as float32 would 24, and the singular value decomposition 54; more than half of it are the eigenvalues, on one core.
 * They are of the lower triangle of the Gram matrix alone, but that by blocks, 4 × 4, took as long as all of it.
 */
export const singularValues: KernelConfig = {
  kernelName: 'SingularValues',
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs, backend }) {
    const node = backend as NodeBackend;
    const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = node.binding;
    const input = inputs.input as TensorInfo;
    const { centering = 'none' } = (attrs ?? {}) as SingularValuesAttrs;
    const type = (name: string, value: number) => ({ name, type: TF_ATTR_TYPE, value });
    const flag = (name: string, value: boolean) => ({ name, type: TF_ATTR_BOOL, value });
    const T = type('T', TF_DOUBLE);
    return withIntermediates(node, ({ run, tensor, indices }) => {
      const one = (...operation: Parameters<typeof run>): number => run(...operation)[0]!;
      const centered = (a: number): number => {
        if (centering === 'none') return a;
        const along = indices([centering === 'columns' ? 0 : 1]);
        const mean = one('Mean', [T, type('Tidx', TF_INT32), flag('keep_dims', true)], [a, along]);
        return one('Sub', [T], [a, mean]);
      };
      const widen = [type('SrcT', TF_FLOAT), type('DstT', TF_DOUBLE)];
      const a = centered(one('Cast', widen, node.getInputTensorIds([input])));
      const isTall = input.shape[0]! > input.shape[1]!;
      const gram = one('MatMul', [T, flag('transpose_a', isTall), flag('transpose_b', !isTall)], [a, a]);
      const squares = one('SelfAdjointEigV2', [T, flag('compute_v', false)], [gram], 2);
      const values = one('Sqrt', [T], [one('Relu', [T], [squares])]);
      return tensor('Cast', [type('SrcT', TF_DOUBLE), type('DstT', TF_FLOAT)], [values]);
    });
  },
};
