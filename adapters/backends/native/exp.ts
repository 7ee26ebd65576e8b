import { cast, Exp, type KernelConfig, type Tensor } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';

/** `tf.exp` on TensorFlow. That of tfjs-node asks integers for a chained op, and then disposes of them. */
export const exp: KernelConfig = {
  kernelName: Exp,
  backendName: 'tensorflow',
  kernelFunc({ inputs, backend }) {
    const node = backend as NodeBackend;
    const { TF_ATTR_TYPE, TF_FLOAT } = node.binding;
    const { x } = inputs as { x: Tensor };
    const floats = x.dtype === 'float32' ? x : cast(x, 'float32');
    try {
      return node.executeSingleOutput('Exp', [{ name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT }], [floats]);
    } finally {
      if (floats !== x) floats.dispose();
    }
  },
};
