import type { GradConfig } from '@tensorflow/tfjs-core';

/** Kernels whose derivative, as tfjs 4.22 has it, must not be taken for one: why, and what to write instead. */
export const refused: Readonly<Record<string, string>> = {
  Mod: 'it jumps, and tfjs leaves the jumps out; write tf.sub(a, tf.mul(b, tf.floor(tf.div(a, b)))) if that is meant',
  FloorDiv:
    'it is constant between its jumps, and tfjs gives the gradient of a division; write tf.floor(tf.div(a, b)), which has derivative 0',
  Dilation2DBackpropInput:
    'the places of the largest elements are hidden in it; write the dilation with tf.maxPool for a flat filter, or with tf.max',
  Dilation2DBackpropFilter:
    'the places of the largest elements are hidden in it; write the dilation with tf.maxPool for a flat filter, or with tf.max',
  ComplexAbs:
    'tfjs gives the gradient of a real number; write tf.sqrt(tf.add(tf.square(re), tf.square(im))) of the two parts',
};

/** Derivatives that throw, and say why. */
export const refusals: readonly GradConfig[] = Object.entries(refused).map(([kernelName, reason]) => ({
  kernelName,
  gradFunc: () => {
    throw new Error(`the kernel ${kernelName} cannot be differentiated twice: ${reason}`);
  },
}));
