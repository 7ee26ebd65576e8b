import * as tf from '@tensorflow/tfjs-core';
import type { Objective } from '../../src/core/objective.js';

/** An objective whose parameters are its logits, so that gradients can be written down; the penalty is their sum. */
export function objectiveOfLogits(z: tf.Variable, outputLoss: (z: tf.Tensor) => tf.Tensor): Objective {
  const outputs = () => [tf.clone(z) as tf.Tensor];
  const data = ([z]: readonly tf.Tensor[]) => outputLoss(z!) as tf.Scalar;
  const penalty = () => tf.sum<tf.Scalar>(z);
  return { step: 0, params: [z], outputs, outputLoss: data, penalty, loss: () => tf.add(data(outputs()), penalty()) };
}

export function softmax(z: readonly number[]): number[] {
  const exp = z.map(Math.exp);
  return exp.map((e) => e / exp.reduce((a, b) => a + b));
}

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
