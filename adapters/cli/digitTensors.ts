import { cast, oneHot, type Tensor, tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { Batch } from '../../src/core/objective.js';
import { type Digits, digits, splitDigits } from './data/digits.js';

/** The digits as tensors: images `[n, 8, 8, 1]`, labels one-hot `[n, 10]`. */
export interface DigitTensors {
  readonly train: Batch;
  readonly test: Batch;
  /** The first of the training digits, which probes measure on. */
  readonly probed: Batch;
}

export function digitTensors(probed = 128): DigitTensors {
  const { train, test } = splitDigits(digits());
  return { train: tensorsOf(train), test: tensorsOf(test), probed: tensorsOf(train, probed) };
}

/** The first `count` of some digits. */
export function tensorsOf({ images, labels, size }: Digits, count = labels.length): Batch {
  const x = tensor4d(images.slice(0, count * size * size), [count, size, size, 1]);
  const y = tidy((): Tensor => cast(oneHot(tensor1d([...labels.slice(0, count)], 'int32'), 10), 'float32'));
  return { x, y };
}
