import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import * as tf from '@tensorflow/tfjs-core';
import type { Objective } from '../../src/core/objective.js';

/** What a hand-written loop offers at least: a loss of its variables. */
export const objectiveOf = (params: readonly tf.Variable[], loss: () => tf.Tensor, step = 0): Objective => ({
  step,
  params,
  loss: () => tf.sum<tf.Scalar>(loss()),
});

/** The numbers of a tensor. */
export const numbers = (tensor: tf.Tensor | undefined): number[] => [...tensor!.dataSync()];

/** The numbers of tensors by name, to be compared bit for bit. */
export const allNumbers = (tensors: tf.NamedTensorMap): Record<string, number[]> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, numbers(tensor)]));
