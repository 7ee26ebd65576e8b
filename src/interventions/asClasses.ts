import { concat, type Tensor, zerosLike } from '@tensorflow/tfjs-core';

/**
 * Logits `[..., classes]` of a softmax over at least two classes. A single logit z is a sigmoid's: it is held against 0,
 * since softmax(z, 0) = (σ(z), 1 − σ(z)).
 */
export const asClasses = (z: Tensor): Tensor => (z.shape.at(-1) === 1 ? concat([z, zerosLike(z)], -1) : z);
