import {
  concat,
  diag,
  div,
  eye,
  matMul,
  mul,
  reverse,
  square,
  sub,
  sum,
  type Tensor2D,
  tensor1d,
  zeros,
} from '@tensorflow/tfjs-core';
import { exactIdentities, type Identities } from '../exactIdentities.js';
import type { Experiment } from '../experiment.js';
import { gaussian } from '../randomMatrix.js';
import { measuredFeatures } from './measuredFeatures.js';
import { penaltyStepOff } from './penaltyStepOff.js';

const [EXAMPLES, UNITS] = [12, 6];

/** How far off each is. */
const IDENTITIES: Identities = {
  'singular values 10, 1, 0.5 have rank 2 at 99 % of the variance': (draw) =>
    Math.abs(measuredFeatures(rotated(draw, diag(tensor1d([10, 1, 0.5])) as Tensor2D)).rank - 2),
  'zero features have rank 0, and every unit is dead': () => {
    const { rank, active, dead } = measuredFeatures(zeros([EXAMPLES, UNITS]));
    return rank + active + Math.abs(dead - UNITS);
  },
  'another order of the examples and a rotation of the features leave the ranks': (draw) => {
    const features = gaussian(draw, [EXAMPLES, UNITS], 1);
    return ranksApart(features, rotated(draw, reverse(features, 0)));
  },
  'a column of zeros is a dead unit, and leaves the ranks': (draw) => {
    const features = gaussian(draw, [EXAMPLES, UNITS], 1);
    const wider = concat([features, zeros([EXAMPLES, 1])], 1) as Tensor2D;
    return ranksApart(features, wider) + Math.abs(measuredFeatures(wider).dead - 1);
  },
  'a step on L + ρ ‖∇L‖ moves pre-activations z by -η ‖x‖² (r (1 + ρ ‖∇f‖/|r|) a + ρ (|r|/‖∇f‖) ReLU(z))':
    penaltyStepOff,
};

/** What holds whatever the seed: how ranks and units are counted, and how a unit is pushed towards its death. */
export const identities = (): Experiment =>
  exactIdentities(
    {
      title: 'What holds exactly, and how far off it is.',
      claim: 'Definitions, and the step by which a penalty on the gradient, to first order SAM, switches units off.',
    },
    IDENTITIES,
  );

/** The difference of the ranks, and that of the effective ranks, relative. */
function ranksApart(features: Tensor2D, other: Tensor2D): number {
  const [a, b] = [measuredFeatures(features), measuredFeatures(other)];
  return Math.abs(a.rank - b.rank) + Math.abs(a.effectiveRank / b.effectiveRank - 1);
}

/** Features times I − 2vvᵀ/vᵀv, which is orthogonal whatever v is. */
function rotated(draw: () => number, features: Tensor2D): Tensor2D {
  const d = features.shape[1];
  const v = gaussian(draw, [d, 1], 1);
  const reflection = sub(eye(d), div(mul(2, matMul(v, v, false, true)), sum(square(v))));
  return matMul(features, reflection);
}
