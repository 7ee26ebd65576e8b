import { add, concat, dispose, mul, type Scalar, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { Gradient, GradientFn, Objective, Part } from './objective.js';
import { examplesIn, partsOf } from './partsOf.js';
import { plus, type Sum } from './plus.js';
import { rowsOf } from './rowsOf.js';

/**
 * The same objective, evaluated at most `size` examples at a time: memory is that of one part, however large the batch.
 *
 *     L = Σ_i (m_i / m) L_i,  m_i of the m examples in the i-th of the parts, which are as equal as can be
 *
 * For a loss that is a mean over the examples, and layers that see each example by itself, it is the very objective.
 * Batch normalization in training mode goes by each part. Outputs are not offered, for they would be those of all parts
 * together; what splits a loss at its outputs does so in each of the `parts`.
 *
 * - Cost: as the whole; slices of the batch are kept, as large as it.
 *
 * @throws TypeError if the objective has no batch, or cannot be taken to another.
 */
export function inParts(objective: Objective, size: number): Objective {
  const { batch, withBatch, withMode } = objective;
  const parts = partsOf('inParts', objective, batch ? Math.ceil(rowsOf(batch) / size) : 2);
  if (parts.length === 1) return objective;
  return {
    ...objective,
    parts,
    loss: () => meanLoss(parts),
    differentiate: (_, plain) => meanGradient(parts, plain),
    outputs: undefined,
    outputLoss: undefined,
    features: objective.features && ((layers) => allFeatures(parts, layers)),
    withBatch: (other) => inParts(withBatch!(other), size),
    ...(withMode && { withMode: (mode) => inParts(withMode(mode), size) }),
  };
}

function meanLoss(parts: readonly Part[]): Scalar {
  const whole = examplesIn(parts);
  const losses = parts.map(({ objective, examples }) => tidy(() => mul<Scalar>(objective.loss(), examples / whole)));
  return losses.reduce((sum, loss) => add(sum, loss));
}

function meanGradient(parts: readonly Part[], plain: GradientFn): Gradient {
  const whole = examplesIn(parts);
  let sum: Sum | undefined;
  for (const { objective, examples } of parts) {
    const before = sum;
    sum = tidy(() => plus(before, plain(objective), examples / whole));
    dispose(before);
  }
  return sum!;
}

function allFeatures(parts: readonly Part[], layers: readonly string[]): Tensor[] {
  const found = parts.map(({ objective }) => objective.features!(layers));
  return layers.map((_, i) => concat(found.map((features) => features[i]!)));
}
