import { tidy, train } from '@tensorflow/tfjs-core';
import type { BenchNetwork } from './networks.js';

export const LEARNING_RATE = 0.1;

/** A step of gradient descent on the fixed batch, until its loss is read back. */
export function trainingStep({ objective }: BenchNetwork): () => number {
  const optimizer = train.sgd(LEARNING_RATE);
  return () => {
    let loss = Number.NaN;
    tidy(() => {
      loss = optimizer.minimize(objective.loss, true, [...objective.params])!.dataSync()[0]!;
    });
    return loss;
  };
}
