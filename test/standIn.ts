import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

/** What a stand-in computes otherwise than cpu, by the name of the kernel. */
export type Otherwise = Readonly<Record<string, (cpu: tf.KernelFunc) => tf.KernelFunc>>;

/** Registers a backend of another name that computes as cpu does; returns what takes it away. */
export function standIn(name: string, otherwise: Otherwise = {}): () => void {
  tf.registerBackend(name, () => Object.create(tf.findBackend('cpu')));
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    const { kernelFunc } = kernel;
    const change = otherwise[kernel.kernelName] ?? ((cpu) => cpu);
    tf.registerKernel({ ...kernel, kernelFunc: change(kernelFunc), backendName: name });
  }
  return () => {
    tf.removeBackend(name);
    for (const { kernelName } of tf.getKernelsForBackend(name)) tf.unregisterKernel(kernelName, name);
  };
}

/** Sums of half precision, as devices without float32 have them. */
export const halfSums: Otherwise = {
  Add: (cpu) => (given) => {
    const sum = tf.engine().makeTensorFromTensorInfo(cpu(given) as tf.TensorInfo);
    return tf.tensor(sum.dataSync().map(half), sum.shape);
  },
};

/** One of what multiplies, taking its factors as the tensor cores of a GPU do: TF32 has the 11 bits of half precision. */
export const halfFactors = (kernelName: 'BatchMatMul' | 'Conv2D'): Otherwise => ({
  [kernelName]: (cpu) => (given) => {
    const factors = Object.entries(given.inputs as tf.NamedTensorMap);
    const rounded = factors.map(([name, x]) => [name, tf.tensor(x.dataSync().map(half), x.shape)]);
    return cpu({ ...given, inputs: Object.fromEntries(rounded) });
  },
});

/** Rounds to the 11 bits of half precision, by splitting (Veltkamp 1968). */
const half = (x: number): number => {
  const spread = x * (2 ** 42 + 1);
  return spread - (spread - x);
};
