import { Cast, type KernelConfig, Reshape, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';

/** What a kernel may be asked for, and whether a tensor is that already. */
const ASKED: Readonly<Record<string, (x: TensorInfo, attrs: { shape: number[]; dtype: string }) => boolean>> = {
  [Reshape]: (x, { shape }) => util.arraysEqual(x.shape, shape),
  [Cast]: (x, { dtype }) => x.dtype === dtype,
};

/** The kernels that `sharing` is about. */
export const COPYING = Object.keys(ASKED);

/**
 * `tf.reshape` or `tf.cast` as it is, but where a tensor has that shape or type already: there the same data, as `tf.clone`
 * gives. tfjs-node calls TensorFlow for nothing; and the gradients of tfjs reshape and cast on every path, whether or not it takes
 * that: in a training step of a small network every ninth operation is one of these.
 */
export const sharing = (kernel: KernelConfig): KernelConfig => ({
  ...kernel,
  kernelFunc(call) {
    const x = call.inputs.x!;
    if (!ASKED[kernel.kernelName]!(x, call.attrs as never)) return kernel.kernelFunc(call);
    (call.backend as NodeBackend).incRef(x.dataId);
    return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
  },
});
