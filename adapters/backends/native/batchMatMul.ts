import { BatchMatMul, type BatchMatMulAttrs, type KernelConfig, type Tensor } from '@tensorflow/tfjs-core';
import type { NodeBackend, OpAttribute } from './nodeBackend.js';

/**
 * `tf.matMul` on TensorFlow. oneDNN, which multiplies there, reads the right factor where it lies; rows a multiple of 2 kB
 * apart fall into the same lines of the cache, and a layer of 1,024 units takes up to twice as long as one of 1,000. There TensorFlow's own product, which copies the factor into place first, is asked for under its other name.
 */
export const batchMatMul: KernelConfig = {
  kernelName: BatchMatMul,
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs, backend }) {
    const node = backend as NodeBackend;
    const { a, b } = inputs as { a: Tensor; b: Tensor };
    const { transposeA, transposeB } = attrs as unknown as BatchMatMulAttrs;
    const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_COMPLEX64, TF_FLOAT, TF_INT32 } = node.binding;
    const type = a.dtype === 'float32' ? TF_FLOAT : a.dtype === 'complex64' ? TF_COMPLEX64 : TF_INT32;
    const typed = (name: string): OpAttribute => ({ name, type: TF_ATTR_TYPE, value: type });
    const transposed: OpAttribute[] = [
      { name: 'adj_x', type: TF_ATTR_BOOL, value: transposeA },
      { name: 'adj_y', type: TF_ATTR_BOOL, value: transposeB },
    ];
    return inTheWayOfItself(a, b, transposeA, transposeB)
      ? node.executeSingleOutput('BatchMatMulV3', [...['Ta', 'Tb', 'Tout'].map(typed), ...transposed], [a, b])
      : node.executeSingleOutput('BatchMatMulV2', [typed('T'), ...transposed], [a, b]);
  },
};

/** Rows of a right factor that share lines of the cache: 2 kB of float32. */
const SHARING = 512;

/** Whether the right factor is such a one, and copying it is not dear beside few rows or little gained beside many. */
function inTheWayOfItself(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): boolean {
  if (transposeB || a.rank !== 2 || b.rank !== 2 || a.dtype !== 'float32') return false;
  const rows = a.shape[transposeA ? 1 : 0]!;
  const columns = b.shape[1]!;
  return columns >= 2 * SHARING && columns % SHARING === 0 && rows >= 64 && rows <= 256;
}
