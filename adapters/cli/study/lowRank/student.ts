import {
  add,
  concat,
  matMul,
  mean,
  ones,
  type Rank,
  relu,
  type Scalar,
  squaredDifference,
  type Tensor2D,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import type { Objective } from '../../../../src/core/objective.js';
import { gaussian } from '../randomMatrix.js';
import type { Examples } from './examples.js';

/** A network of one hidden layer, x ↦ ReLU([x, 1] W) a + c. */
export interface Student {
  /** `[d + 1, units]`, the biases its last row. */
  readonly w: Variable<Rank.R2>;
  /** `[units, 1]` */
  readonly a: Variable<Rank.R2>;
  /** `[1, 1]` */
  readonly c: Variable<Rank.R2>;
}

/** The name of the hidden layer, for probes. */
export const HIDDEN = 'hidden';

/** Every weight is N(0, σ²), biases too. */
export function student(draw: () => number, d: number, units: number, stddev: number): Student {
  const weights = (rows: number, columns: number): Variable<Rank.R2> =>
    tidy(() => variable(gaussian(draw, [rows, columns], stddev)));
  return { w: weights(d + 1, units), a: weights(units, 1), c: weights(1, 1) };
}

/** The mean of (f(x) − y)² as the objective of a loop, which offers the hidden layer and other examples; the run counts steps. */
export function errorOf(student: Student, on: Examples): Objective {
  const { w, a, c } = student;
  const features = (): Tensor2D => relu(matMul(withOne(on.x), w));
  return {
    step: 0,
    params: [w, a, c],
    batch: on,
    loss: (): Scalar => mean(squaredDifference(add(matMul(features(), a), c), on.y)),
    features: (layers) => layers.map(features),
    layers: [HIDDEN],
    withBatch: (batch) => errorOf(student, batch as Examples),
  };
}

const withOne = (x: Tensor2D): Tensor2D => concat([x, ones([x.shape[0], 1])], 1);
