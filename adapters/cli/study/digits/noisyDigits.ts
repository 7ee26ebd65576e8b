import { cast, oneHot, sub, type Tensor, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Batch } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import { type Digits, digits, splitDigits } from '../../data/digits.js';
import { wrongLabels } from '../../data/wrongLabels.js';

export const PIXELS = 64;
export const CLASSES = 10;

/** Brings the mean shade near 0. */
const MEAN = 0.3;

/** Digits `[n, 64]` and labels one-hot `[n, 10]`: so many to train on, a share `noise` of them mislabelled, and the others. */
export function noisyDigits(examples: number, noise: number, seed: number): { train: Batch; test: Batch } {
  const all = digits();
  const { train, test } = splitDigits(all, 1 - examples / all.count, seed);
  const labels = wrongLabels(train.labels, noise, CLASSES, random(seed, 1));
  return { train: tensorsOf({ ...train, labels }), test: tensorsOf(test) };
}

const tensorsOf = ({ images, labels, count }: Digits): Batch => ({
  x: tidy(() => sub(tensor2d(images, [count, PIXELS]), MEAN)),
  y: tidy((): Tensor => cast(oneHot(tensor1d([...labels], 'int32'), CLASSES), 'float32')),
});
