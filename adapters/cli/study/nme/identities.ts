import {
  concat,
  dispose,
  matMul,
  mean,
  mul,
  norm,
  pow,
  relu,
  reshape,
  type Scalar,
  scalar,
  square,
  sub,
  sum,
  type Tensor,
  tensor1d,
  tensor2d,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { betaGelu } from '../../../../src/activations/betaGelu.js';
import { flatGelu } from '../../../../src/activations/flatGelu.js';
import { atOffset } from '../../../../src/core/atOffset.js';
import { gradient } from '../../../../src/core/gradient.js';
import type { Intervention } from '../../../../src/core/intervention.js';
import type { Elementwise, Objective } from '../../../../src/core/objective.js';
import { curvatureOf } from '../../../../src/curvature/curvatureOf.js';
import { gaussNewtonTracePenalty } from '../../../../src/interventions/gaussNewtonTracePenalty.js';
import { gradientPenalty } from '../../../../src/interventions/gradientPenalty.js';
import { hessianTracePenalty } from '../../../../src/interventions/hessianTracePenalty.js';
import { nmeAlongGradient } from '../../../../src/metrics/nmeAlongGradient.js';
import { exactIdentities, type Identities } from '../exactIdentities.js';
import type { Experiment } from '../experiment.js';
import { gaussian } from '../randomMatrix.js';
import { measured } from './measured.js';
import { network } from './network.js';

/** How far off each is, relative to what is right. */
const IDENTITIES: Identities = {
  'of ½(abx − y)², G is x² [[b², ab], [ab, a²]] and H − G is (abx − y) x [[0, 1], [1, 0]]': productOff,
  'H − G is 0 where the outputs are the targets': interpolationOff,
  'of a linear model under ½ mean (z − y)², H is XᵀX/n and H − G is 0': linearOff,
  'tr H = tr G + tr (H − G), each by products of its own': (draw) => tracesOff(draw, betaGelu()),
  'tr (H − G) is 0 with ReLU': (draw) => tracesOff(draw, (x) => relu(x), 0),
  'tr (H − G) is 0 with GELU whose φ″ is switched off': (draw) => tracesOff(draw, flatGelu(), 0),
  'the penalties with H and with G differ by ρ ‖(H − G) ĝ‖ in what the optimizer gets': updatesOff,
  'the mean of ½(abx − y)² over noise of ±σ is L + (σ²/2) tr H + σ⁴x²/2': noiseOff,
  'on ½ Σ w⁶ the penalties of traces give 3w⁵ + (λ/2) 60 w³ with H, and 36 w³ with G': thirdDerivativesOff,
};

/** What holds whatever the seed and the size; the library's operators, interventions and probes are what is tried. */
export const identities = (): Experiment =>
  exactIdentities(
    {
      title: 'What holds exactly, and how far off it is, relative.',
      claim: 'Definitions, to the rounding of float32.',
    },
    IDENTITIES,
  );

const [X, SIGMA] = [2, 0.3];

/** ½(abx − y)², with the numbers a and b. */
function product(draw: () => number, y: (z: Tensor) => Tensor | number) {
  const [a, b] = [0.5 + draw(), -0.5 - draw()];
  const params: Variable[] = [a, b].map((value) => variable(scalar(value)));
  const outputs = (): Tensor[] => [mul(mul(params[0]!, params[1]!), X)];
  const target = y(outputs()[0]!);
  const outputLoss = ([z]: readonly Tensor[]): Scalar => mul(0.5, square(sub(z!, target)));
  return { a, b, objective: { step: 0, params, outputs, outputLoss, loss: () => outputLoss(outputs()) } };
}

function productOff(draw: () => number): number {
  const y = 0.5;
  const { a, b, objective } = product(draw, () => y);
  const { gaussNewton, nme } = matrices(objective);
  const beside = (a * b * X - y) * X;
  const expected = [b * b, a * b, a * b, a * a].map((value) => X * X * value);
  return Math.max(distance(gaussNewton, expected), distance(nme, [0, beside, beside, 0]));
}

function interpolationOff(draw: () => number): number {
  const { hessian, nme } = matrices(product(draw, (z) => z).objective);
  return length(nme) / length(hessian);
}

function linearOff(draw: () => number): number {
  const [n, d] = [8, 3];
  const x = gaussian(draw, [n, d], 1);
  const y = gaussian(draw, [n, 1], 1);
  const w: Variable = variable(gaussian(draw, [d, 1], 1));
  const outputs = (): Tensor[] => [matMul(x, w)];
  const outputLoss = ([z]: readonly Tensor[]): Scalar => mul(0.5, mean(square(sub(z!, y))));
  const { hessian, nme } = matrices({ step: 0, params: [w], outputs, outputLoss, loss: () => outputLoss(outputs()) });
  const inner = [...mul(1 / n, matMul(x, x, true)).dataSync()];
  return Math.max(distance(hessian, inner), length(nme) / length(inner));
}

/** tr (H − G) is `expected`, or tr H − tr G. */
function tracesOff(draw: () => number, activation: Elementwise, expected?: number): number {
  const { hessian, gaussNewton, nme } = traces(toy(draw, activation));
  return Math.abs(nme - (expected ?? hessian - gaussNewton)) / Math.abs(hessian);
}

function updatesOff(draw: () => number): number {
  const [rho, objective] = [0.5, toy(draw, betaGelu())];
  const [whole, part] = (['hessian', 'gauss-newton'] as const).map((matrix) =>
    given(gradientPenalty(rho, { matrix }), objective),
  );
  const found = norm(sub(whole!, part!)).dataSync()[0]! / rho;
  const expected = measured(objective, [nmeAlongGradient()])['nme.along_gradient']!;
  dispose([...objective.params]);
  return Math.abs(found - expected) / expected;
}

/** The loss is quadratic in a and in b, so that signs have the mean of every noise of that variance. */
function noiseOff(draw: () => number): number {
  const { objective } = product(draw, () => 0.5);
  const { params, loss } = objective;
  const signs = [-1, 1].flatMap((of) => [-1, 1].map((other) => [of * SIGMA, other * SIGMA]));
  const noisy = signs.map((noise) => {
    const offset = Object.fromEntries(params.map(({ name }, i) => [name, scalar(noise[i]!)]));
    return atOffset(params, offset, loss).dataSync()[0]!;
  });
  const { hessian } = matrices(objective);
  const expected = loss().dataSync()[0]! + (SIGMA ** 2 / 2) * (hessian[0]! + hessian[3]!) + (SIGMA ** 4 * X ** 2) / 2;
  return Math.abs(noisy.reduce((all, one) => all + one) / 4 - expected) / expected;
}

/** H and G are diagonal, so that vᵀAv is tr A for every v of signs. */
function thirdDerivativesOff(draw: () => number): number {
  const lambda = 0.2;
  const at = [1, -0.5, 0.75].map((w) => w * (0.5 + draw()));
  const w: Variable = variable(tensor1d(at));
  const outputs = (): Tensor[] => [pow(w, 3)];
  const outputLoss = ([z]: readonly Tensor[]): Scalar => mul(0.5, sum(square(z!)));
  const objective = { step: 0, params: [w], outputs, outputLoss, loss: () => outputLoss(outputs()) };
  const off = (penalty: Intervention, pull: number): number =>
    distance(
      [...given(penalty, objective).dataSync()],
      at.map((w) => 3 * w ** 5 + (lambda / 2) * pull * w ** 3),
    );
  const worst = Math.max(off(hessianTracePenalty(lambda), 60), off(gaussNewtonTracePenalty(lambda), 36));
  w.dispose();
  return worst;
}

/** A small network on data of no meaning. */
function toy(draw: () => number, activation: Elementwise): Objective {
  const x = gaussian(draw, [6, 4], 1);
  const y = tensor2d(Array.from({ length: 6 }, () => (draw() < 0.5 ? [1, 0] : [0, 1])));
  return network(draw, [4, 5, 4, 2], activation).on({ x, y });
}

/** What the optimizer gets, in one vector. */
function given(intervention: Intervention, objective: Objective): Tensor {
  const { grads } = intervention(gradient)(objective);
  return concat(objective.params.map(({ name }) => reshape(grads[name]!, [-1])));
}

/** H, G and H − G, row by row. */
function matrices(objective: Objective) {
  const { parts, dimension, dispose: free } = curvatureOf(objective);
  const rows = units(dimension).map((unit) => parts!.split.apply(unit));
  free();
  dispose([...objective.params]);
  const of = (part: 'hessian' | 'gaussNewton' | 'nme'): number[] => rows.flatMap((row) => [...row[part]]);
  return { hessian: of('hessian'), gaussNewton: of('gaussNewton'), nme: of('nme') };
}

function traces(objective: Objective) {
  const { hessian, parts, dimension, dispose: free } = curvatureOf(objective);
  const { gaussNewton, nme } = parts!;
  const [ofHessian, ofGaussNewton, ofNme] = [hessian, gaussNewton, nme].map((operator) =>
    units(dimension).reduce((trace, unit, i) => trace + operator.apply(unit)[i]!, 0),
  );
  free();
  dispose([...objective.params]);
  return { hessian: ofHessian!, gaussNewton: ofGaussNewton!, nme: ofNme! };
}

const units = (dimension: number): Float64Array[] =>
  Array.from({ length: dimension }, (_, i) => Float64Array.from({ length: dimension }, (_, k) => (i === k ? 1 : 0)));

const distance = (found: readonly number[], expected: readonly number[]): number =>
  length(found.map((value, i) => value - expected[i]!)) / length(expected);

const length = (values: readonly number[]): number => Math.hypot(...values);
