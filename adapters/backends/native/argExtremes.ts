import { ArgMax, ArgMin, cast, type KernelConfig, scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';

/** `tf.argMax` or `tf.argMin` on TensorFlow. Those of tfjs-node ask booleans for a chained op. */
const argExtreme = (kernelName: typeof ArgMax | typeof ArgMin): KernelConfig => ({
  kernelName,
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs, backend }) {
    const node = backend as NodeBackend;
    const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = node.binding;
    const { x } = inputs as { x: Tensor };
    const { axis } = attrs as { axis: number };
    const attributes = [
      { name: 'T', type: TF_ATTR_TYPE, value: x.dtype === 'float32' ? TF_FLOAT : TF_INT32 },
      { name: 'Tidx', type: TF_ATTR_TYPE, value: TF_INT32 },
      { name: 'output_type', type: TF_ATTR_TYPE, value: TF_INT32 },
    ];
    return tidy(() => {
      const numbers = x.dtype === 'bool' ? cast(x, 'int32') : x;
      return node.executeSingleOutput(kernelName, attributes, [numbers, scalar(axis, 'int32')]) as Tensor;
    });
  },
});

export const argExtremes: readonly KernelConfig[] = [argExtreme(ArgMax), argExtreme(ArgMin)];
