import { randomNormal, randomUniform, type Tensor2D } from '@tensorflow/tfjs-core';

/** A matrix of independent numbers of mean 0, seeded by one draw: the same on every backend. */
export type RandomMatrix = (draw: () => number, shape: [number, number], stddev: number) => Tensor2D;

// tfjs takes a seed of 0 for none.

export const gaussian: RandomMatrix = (draw, shape, stddev) => randomNormal(shape, 0, stddev, 'float32', 1 + draw());

export const uniform: RandomMatrix = (draw, shape, stddev) =>
  randomUniform(shape, -Math.sqrt(3) * stddev, Math.sqrt(3) * stddev, 'float32', 1 + draw());
