import { type KernelConfig, less, mul, Prelu, type Tensor, where } from '@tensorflow/tfjs-core';

/** `tf.prelu` on TensorFlow. That of tfjs-node is written in chained ops, which only a program that loads all of tfjs has. */
export const prelu: KernelConfig = {
  kernelName: Prelu,
  backendName: 'tensorflow',
  kernelFunc({ inputs }) {
    const { x, alpha } = inputs as { x: Tensor; alpha: Tensor };
    return where(less(x, 0), mul(alpha, x), x);
  },
};
