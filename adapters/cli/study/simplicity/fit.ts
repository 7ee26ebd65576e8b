import {
  matMul,
  mul,
  type Rank,
  type Scalar,
  square,
  squaredDifference,
  sum,
  type Tensor2D,
  tidy,
  train,
  type Variable,
} from '@tensorflow/tfjs-core';
import { every } from '../../../../src/core/every.js';
import type { Sink } from '../../../../src/core/watching.js';
import { instrument } from '../../../tfjs/instrument.js';
import { endToEndRank } from './linearNetwork.js';

/** ‖XW − Y‖²/‖Y‖² at which a network fits: small enough to be called zero, and large enough for float32. */
export const FITTED = 1e-4;

/** Steps that it must fit on end: momentum can swing through a fit and out again. */
const SETTLED = 20;

const MOST_STEPS = 6000;
const LEARNING_RATE = 0.03;
const MOMENTUM = 0.9;

/**
 * Trains a linear network on Y = X W* by gradient descent with momentum on ‖XW − Y‖²/2n, until it has come to rest at a fit.
 * The learning rate falls with depth, for curvature grows with it.
 *
 * @returns the steps taken, and ‖XW − Y‖²/‖Y‖² after them: above {@link FITTED} if they did not suffice.
 */
export function fit(
  weights: readonly Variable<Rank.R2>[],
  { x, y }: { readonly x: Tensor2D; readonly y: Tensor2D },
  sinks: readonly Sink[],
): { readonly steps: number; readonly residual: number } {
  const optimizer = train.momentum(LEARNING_RATE / weights.length, MOMENTUM);
  const reports = every(5);
  const run = instrument(optimizer, sinks.length > 0 ? { sinks, reports, metrics: [[endToEndRank, every(5)]] } : {});
  const n = x.shape[0];
  const loss = (): Scalar => {
    const outputs = weights.reduce<Tensor2D>((h, w) => matMul(h, w), x);
    return mul(1 / (2 * n), sum(squaredDifference(outputs, y)));
  };
  const scale = (2 * n) / read(sum(square(y)));
  let [steps, settled] = [0, 0];
  try {
    while (steps < MOST_STEPS && settled < SETTLED) {
      const before = scale * read(run.minimize({ loss, params: weights }));
      settled = before < FITTED ? settled + 1 : 0;
      steps++;
    }
  } finally {
    void run.stop();
    optimizer.dispose();
  }
  return { steps, residual: scale * read(tidy(loss)) };
}

function read(scalar: Scalar): number {
  const [value] = scalar.dataSync();
  scalar.dispose();
  return value!;
}
