import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** @throws RangeError unless the loss is a scalar. */
export function asScalar(loss: Tensor): Scalar {
  if (loss.rank === 0) return loss as Scalar;
  throw new RangeError(`the loss must be a scalar, got one of shape [${loss.shape}]; take its tf.mean or tf.sum`);
}
