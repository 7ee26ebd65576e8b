import { cast, type KernelConfig, less, mul, Prelu, type Tensor, tidy, where } from '@tensorflow/tfjs-core';

/** `tf.prelu` on TensorFlow. That of tfjs-node is written in chained ops, which only a program that loads all of tfjs has. */
export const prelu: KernelConfig = {
  kernelName: Prelu,
  backendName: 'tensorflow',
  kernelFunc({ inputs }) {
    const { x, alpha } = inputs as { x: Tensor; alpha: Tensor };
    return tidy(() => {
      const below = mul(alpha, x);
      return where(less(x, 0), below, cast(x, below.dtype));
    });
  },
};
