import { type KernelConfig, mul, relu, Step, scalar, sign, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';

/**
 * `tf.step` on TensorFlow: 1 where x > 0, NaN where x is NaN, else α. Of two operations unless there is an α, where
 * tfjs-node has seven; and of integers too, which tfjs-node refuses.
 */
export const step: KernelConfig = {
  kernelName: Step,
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs }) {
    const { x } = inputs as { x: Tensor };
    const { alpha } = attrs as { alpha: number };
    return tidy(() => {
      // TensorFlow's sign of NaN is NaN, whatever that of tfjs is elsewhere.
      const positive = relu(sign(x));
      if (alpha === 0) return positive;
      // Exactly 1 where x > 0, as α + (1 − α) · 1 is not.
      return sub(positive, mul(scalar(alpha, x.dtype), sub(positive, scalar(1, x.dtype))));
    });
  },
};
