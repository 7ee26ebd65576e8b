import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';
import { withIntermediates } from './withIntermediates.js';

/**
 * Whether float32 numbers hold no NaN and no infinity, told by the sum of their squares: so the answer is no, too, where
 * that is beyond float32. One pass, a third of what it takes to write as many.
 */
export function allFinite(node: NodeBackend, x: TensorInfo): boolean {
  const { TF_ATTR_TYPE, TF_FLOAT } = node.binding;
  return withIntermediates(node, ({ run }) => {
    const [half] = run('L2Loss', [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }], node.getInputTensorIds([x]));
    return Number.isFinite(node.binding.tensorDataSync(half!)[0]);
  });
}
