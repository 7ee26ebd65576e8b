import { losses, type Scalar, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch, Mode, Objective } from '../../../../src/core/objective.js';
import type { Transformer } from './transformer.js';

/** The mean over a batch, words `[n, length]` and classes one-hot `[n, classes]`, of the cross-entropy: nats a mail. */
export function mailObjective(network: Transformer, batch: Batch, mode: Mode = 'training'): Objective {
  const outputs = (): Tensor[] => [network.logits(batch.x as Tensor2D, mode)];
  const outputLoss = ([z]: readonly Tensor[]): Scalar => losses.softmaxCrossEntropy(batch.y as Tensor, z!) as Scalar;
  return {
    // The run counts them.
    step: 0,
    params: network.params,
    loss: () => outputLoss(outputs()),
    outputs,
    outputLoss,
    batch,
    withBatch: (other) => mailObjective(network, other, mode),
    mode,
    withMode: (other) => mailObjective(network, batch, other),
  };
}
