import { type KernelConfig, MaxPoolWithArgmax, type TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';
import { type PoolAttrs, poolAttributes } from './poolAttributes.js';

/** `tf.maxPoolWithArgmax` on TensorFlow, which tfjs-node leaves out: the largest of each window, and where it lies. */
export const maxPoolWithArgmax: KernelConfig = {
  kernelName: MaxPoolWithArgmax,
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs, backend }) {
    const node = backend as NodeBackend;
    const { TF_ATTR_BOOL, TF_ATTR_TYPE, TF_INT32 } = node.binding;
    const { x } = inputs as { x: TensorInfo };
    const { includeBatchInIndex, ...pooling } = attrs as unknown as PoolAttrs & { includeBatchInIndex: boolean };
    const attributes = [
      ...poolAttributes(node, 'maxPoolWithArgmax', x, pooling).attributes,
      { name: 'Targmax', type: TF_ATTR_TYPE, value: TF_INT32 },
      { name: 'include_batch_in_index', type: TF_ATTR_BOOL, value: includeBatchInIndex },
    ];
    return node.executeMultipleOutputs('MaxPoolWithArgmax', attributes, [x], 2);
  },
};
