import { type Tensor, tidy } from '@tensorflow/tfjs-core';

/** A tensor's shape and values on the host. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** Evaluates a float tensor and reads it back; no tensor remains. */
export function readBack(make: () => Tensor): HostTensor {
  let read!: HostTensor;
  tidy(() => {
    const tensor = make();
    read = { shape: tensor.shape, values: tensor.dataSync<'float32'>() };
  });
  return read;
}
