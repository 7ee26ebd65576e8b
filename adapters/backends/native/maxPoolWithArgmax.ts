import { backend_util, type KernelConfig, MaxPoolWithArgmax, type TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';

/** `tf.maxPoolWithArgmax` on TensorFlow, which tfjs-node leaves out: the largest of each window, and where it lies. */
export const maxPoolWithArgmax: KernelConfig = {
  kernelName: MaxPoolWithArgmax,
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs, backend }) {
    const node = backend as NodeBackend;
    const { TF_ATTR_BOOL, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = node.binding;
    const { x } = inputs as { x: TensorInfo };
    const { filterSize, strides, pad, includeBatchInIndex } = attrs as unknown as Attributes;
    const info = backend_util.computePool2DInfo(x.shape as Shape4D, filterSize, strides, 1, pad);
    if (info.padInfo.type !== 'VALID' && info.padInfo.type !== 'SAME')
      throw new Error(`maxPoolWithArgmax on tensorflow takes pad 'same' or 'valid', got ${JSON.stringify(pad)}`);
    const attributes = [
      { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
      { name: 'Targmax', type: TF_ATTR_TYPE, value: TF_INT32 },
      { name: 'ksize', type: TF_ATTR_INT, value: [1, info.filterHeight, info.filterWidth, 1] },
      { name: 'strides', type: TF_ATTR_INT, value: [1, info.strideHeight, info.strideWidth, 1] },
      { name: 'padding', type: TF_ATTR_STRING, value: info.padInfo.type },
      { name: 'include_batch_in_index', type: TF_ATTR_BOOL, value: includeBatchInIndex },
    ];
    return node.executeMultipleOutputs('MaxPoolWithArgmax', attributes, [x], 2);
  },
};

type Shape4D = [number, number, number, number];

interface Attributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly includeBatchInIndex: boolean;
}
