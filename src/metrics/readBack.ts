import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { RowMajor } from '../linalg/rowMajor.js';

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

/** `[..., columns]` as a matrix, a row for each example, or each place of a sequence or of a kernel. */
export function asRows({ shape, values }: HostTensor): RowMajor {
  const columns = shape.at(-1) ?? 1;
  return { rows: values.length / columns, columns, values };
}
