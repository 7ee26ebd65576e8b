import {
  add,
  diag,
  dispose,
  div,
  eye,
  matMul,
  mul,
  norm,
  slice,
  square,
  squaredDifference,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  train,
} from '@tensorflow/tfjs-core';
import { effectiveRank } from '../../../../src/metrics/spectrum.js';
import { instrument } from '../../../tfjs/instrument.js';
import { exactIdentities, type Identities } from '../exactIdentities.js';
import type { Experiment } from '../experiment.js';
import { gaussian } from '../randomMatrix.js';
import { fit } from './fit.js';
import { endToEnd, linearNetwork } from './linearNetwork.js';
import { singularValues } from './singularValues.js';

const D = 6;

/** exp of the entropy of (½, ¼, ⅛, ⅛), which is 1¾ ln 2: about 3.3636. */
const RANK_OF_4211 = 2 ** 1.75;

const of4211 = (): Tensor2D => diag(tensor1d([4, 2, 1, 1])) as Tensor2D;

/** How far off each is, relative to what is right. */
const IDENTITIES: Identities = {
  'effective rank of diag(4, 2, 1, 1) is 2^1.75': () => rankOff(of4211()),
  'orthogonal factors leave it': (draw) => rankOff([1, 2, 3].reduce((m) => matMul(reflection(draw, 4), m), of4211())),
  'a step of two factors moves their product by -η(W₁W₁ᵀ∇ + ∇W₂ᵀW₂) + η²∇W₂ᵀW₁ᵀ∇': stepOff,
  'at depth 1 nothing moves outside of the span of the data': outsideMoved,
};

/** What holds whatever the seed and the size; the study's own measurements and training loop are what is tried. */
export const identities = (): Experiment =>
  exactIdentities(
    {
      title: 'What holds exactly, and how far off it is, relative.',
      claim: 'Definitions and dynamics, to the rounding of float32.',
    },
    IDENTITIES,
  );

const rankOff = (matrix: Tensor2D): number =>
  Math.abs(effectiveRank(singularValues(matrix)) - RANK_OF_4211) / RANK_OF_4211;

/** I − 2vvᵀ/vᵀv, orthogonal whatever v is. */
function reflection(draw: () => number, d: number): Tensor2D {
  const v = gaussian(draw, [d, 1], 1);
  return sub(eye(d), div(mul(2, matMul(v, v, false, true)), sum(square(v))));
}

/** With ∇ = ∂L/∂W at W = W₁W₂: of L = ½‖W − T‖² it is W − T. */
function stepOff(draw: () => number): number {
  const eta = 0.1;
  const target = gaussian(draw, [D, D], 1);
  const weights = linearNetwork(draw, D, 2);
  const [w1, w2] = weights.map((w) => w.clone()) as Tensor2D[] as [Tensor2D, Tensor2D];
  const before = matMul(w1, w2);
  const gradient: Tensor2D = sub(before, target);
  const optimizer = train.sgd(eta);
  const run = instrument(optimizer);
  run.minimize({ params: weights, loss: () => mul(0.5, sum(squaredDifference(endToEnd(weights), target))) });
  void run.stop();
  optimizer.dispose();
  const right: Tensor2D = matMul(gradient, w2, false, true);
  const left: Tensor2D = matMul(w1, gradient, true);
  const first = add(matMul(w1, left), matMul(right, w2));
  const moved = sub(mul(eta ** 2, matMul(right, left)), mul(eta, first));
  const off = size(sub(sub(endToEnd(weights), before), moved)) / size(moved);
  dispose(weights);
  return off;
}

/** For x with orthonormal rows XᵀX projects on their span; the rest of W stays as it began. */
function outsideMoved(draw: () => number): number {
  const x = slice(reflection(draw, D), [0, 0], [D - 2, D]);
  const weights = linearNetwork(draw, D, 1);
  const start = endToEnd(weights).clone();
  fit(weights, { x, y: matMul(x, gaussian(draw, [D, D], 1)) }, []);
  const moved: Tensor2D = sub(endToEnd(weights), start);
  const outside = size(sub(moved, matMul(x, matMul(x, moved), true))) / size(moved);
  dispose(weights);
  return outside;
}

const size = (matrix: Tensor): number => norm(matrix).dataSync()[0]!;
