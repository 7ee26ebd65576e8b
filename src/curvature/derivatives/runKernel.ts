import { engine, type NamedAttrMap, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';

/** A kernel of one output, by its name, on tensors; recorded where a tape is on. */
export const runKernel = (kernelName: string, inputs: NamedTensorMap, attrs: object = {}): Tensor =>
  engine().runKernel(kernelName, inputs, attrs as NamedAttrMap);
