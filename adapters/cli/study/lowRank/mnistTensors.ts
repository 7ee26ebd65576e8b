import { cast, dispose, oneHot, type Tensor, tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { probeSet } from '../../../../src/metrics/probeSet.js';
import { type Images, mnist } from '../../data/mnist.js';

/** Images `[n, 28, 28, 1]` and labels one-hot `[n, 10]`. */
export type ImageBatch = { readonly x: Tensor; readonly y: Tensor };

/** Which images a trial takes; for the caller to dispose of. */
export interface ImageSets {
  /** To train on, drawn by the seed from six times as many. */
  readonly seen: ImageBatch;
  /** To test on, the same for every seed. */
  readonly unseen: ImageBatch;
}

export function mnistTensors(examples: number, tests: number, seed: number): ImageSets {
  const all = tensorsOf(mnist('train', 6 * examples));
  const seen = probeSet(all, { examples, seed });
  dispose(all);
  return { seen, unseen: tensorsOf(mnist('test', tests)) };
}

const tensorsOf = ({ images, labels, count, size }: Images): ImageBatch => ({
  x: tensor4d(images, [count, size, size, 1]),
  y: tidy(() => cast(oneHot(tensor1d([...labels], 'int32'), 10), 'float32')),
});
