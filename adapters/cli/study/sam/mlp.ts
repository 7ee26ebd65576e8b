import {
  add,
  losses,
  matMul,
  type Rank,
  relu,
  type Scalar,
  type Tensor,
  type Tensor2D,
  tensor2d,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Batch, Objective } from '../../../../src/core/objective.js';

/** A network of dense layers with ReLU between them. */
export interface Mlp {
  /** Kernel, bias, kernel, bias, … */
  readonly params: readonly Variable[];
  /** `[n, inputs]` to `[n, classes]`. */
  readonly logits: (x: Tensor) => Tensor;
  /** The mean cross-entropy on a batch, targets one-hot, as a loop gives it to `run.minimize` and probes take it. */
  readonly on: (batch: Batch) => Objective;
}

/** Kernels uniform with variance 2/fan-in (He et al. 2015, arXiv 1502.01852), biases 0; the same on every backend. */
export function mlp(draw: () => number, widths: readonly number[]): Mlp {
  const layers = widths.slice(1).map((units, i) => {
    const bias: Variable = variable(zeros([units]));
    return { kernel: variable<Rank.R2>(heUniform(draw, widths[i]!, units)), bias };
  });
  const params = layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const logits = (x: Tensor): Tensor =>
    layers.reduce<Tensor>((below, { kernel, bias }, i) => add(matMul(i === 0 ? below : relu(below), kernel), bias), x);
  const on = (batch: Batch): Objective => {
    const outputs = (): Tensor[] => [logits(batch.x as Tensor)];
    const outputLoss = ([z]: readonly Tensor[]): Scalar => losses.softmaxCrossEntropy(batch.y as Tensor, z!);
    return { step: 0, params, batch, outputs, outputLoss, loss: () => outputLoss(outputs()), withBatch: on };
  };
  return { params, logits, on };
}

function heUniform(draw: () => number, inputs: number, units: number): Tensor2D {
  const limit = Math.sqrt(6 / inputs);
  const values = Float32Array.from({ length: inputs * units }, () => (2 * draw() - 1) * limit);
  return tensor2d(values, [inputs, units]);
}
