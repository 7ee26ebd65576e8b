import { add, losses, matMul, type Scalar, type Tensor, type Variable, variable, zeros } from '@tensorflow/tfjs-core';
import { replaceableActivations } from '../../../../src/activations/replaceableActivations.js';
import type { Batch, Elementwise, Objective } from '../../../../src/core/objective.js';
import { gaussian } from '../randomMatrix.js';

/** A network of dense layers with one activation between them. */
export interface Network {
  /** Kernel, bias, kernel, bias, … */
  readonly params: readonly Variable[];
  /** `[n, inputs]` to `[n, classes]`. */
  logits(x: Tensor): Tensor;
  /** The mean cross-entropy on a batch, targets one-hot, with all that hooks and probes of curvature ask for. */
  on(batch: Batch): Objective;
}

/** Kernels N(0, 2/fan-in), biases 0: of the same draws the same on every backend, whatever the activation. */
export function network(draw: () => number, widths: readonly number[], activation: Elementwise): Network {
  const layers = widths.slice(1).map((units, i) => {
    const kernel: Variable = variable(gaussian(draw, [widths[i]!, units], Math.sqrt(2 / widths[i]!)));
    return { kernel, bias: variable(zeros([units])) as Variable };
  });
  const names = layers.slice(1).map((_, i) => `hidden${i + 1}`);
  const { activations, withActivations } = replaceableActivations(
    Object.fromEntries(names.map((name) => [name, activation])),
  );
  const params = layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const logits = (x: Tensor): Tensor =>
    layers.reduce<Tensor>((below, { kernel, bias }, i) => {
      const inputs = i === 0 ? below : (activations[names[i - 1]!]!(below) as Tensor);
      return add(matMul(inputs, kernel), bias);
    }, x);
  const on = (batch: Batch): Objective => {
    const outputs = (): Tensor[] => [logits(batch.x as Tensor)];
    const outputLoss = ([z]: readonly Tensor[]): Scalar => losses.softmaxCrossEntropy(batch.y as Tensor, z!);
    const loss = (): Scalar => outputLoss(outputs());
    return { step: 0, params, batch, outputs, outputLoss, loss, withActivations, withBatch: on };
  };
  return { params, logits, on };
}
