import { type KernelConfig, mul, Step, scalar, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';
import { withIntermediates } from './withIntermediates.js';

/**
 * `tf.step` on TensorFlow: 1 where x > 0, NaN where x is NaN, else α. Of two operations unless there is an α, where
 * tfjs-node has seven; and of integers too, which tfjs-node refuses.
 */
export const step: KernelConfig = {
  kernelName: Step,
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs, backend }) {
    const { x } = inputs as { x: Tensor };
    const { alpha } = attrs as { alpha: number };
    const positive = isPositive(backend as NodeBackend, x);
    if (alpha === 0) return positive;
    return tidy(() => {
      // Exactly 1 where x > 0, as α + (1 − α) · 1 is not.
      const below = mul(scalar(alpha, x.dtype), sub(positive, scalar(1, x.dtype)));
      const stepped = sub(positive, below);
      positive.dispose();
      return stepped;
    });
  },
};

/** max(sign x, 0). TensorFlow's sign of NaN is NaN, whatever that of tfjs is elsewhere. */
function isPositive(node: NodeBackend, x: Tensor): Tensor {
  const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = node.binding;
  const attributes = [{ name: 'T', type: TF_ATTR_TYPE, value: x.dtype === 'float32' ? TF_FLOAT : TF_INT32 }];
  return withIntermediates(node, ({ run, tensor }) => {
    const signs = run('Sign', attributes, node.getInputTensorIds([x]));
    return tensor('Relu', attributes, signs) as Tensor;
  });
}
