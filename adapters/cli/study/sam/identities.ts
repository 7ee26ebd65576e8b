import {
  cast,
  dispose,
  matMul,
  mul,
  oneHot,
  type Scalar,
  square,
  sum,
  type Tensor,
  type Tensor2D,
  tensor1d,
  tensor2d,
  tidy,
  train,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import type { Intervention } from '../../../../src/core/intervention.js';
import type { Objective } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import { sam } from '../../../../src/interventions/sam.js';
import { instrument } from '../../../tfjs/instrument.js';
import type { LoopObjective } from '../../../tfjs/types.js';
import { exactIdentities, type Identities } from '../exactIdentities.js';
import type { Experiment } from '../experiment.js';
import { mlp } from './mlp.js';

const RHO = 0.3;
const ETA = 0.1;
const D = 6;
const ROWS = 8;

/** How far off each is, relative to what is right. */
const IDENTITIES: Identities = {
  'on ½wᵀAw a step goes along A(w + ρAw/‖Aw‖)': quadraticOff,
  'on λw²/2 it ends going to and fro at |w| = ηλρ/(2 - ηλ)': cycleOff,
  'ε̂ is ρ long, over all parameters together': lengthOff,
  'ε̂ in the maximum norm is ρ in every weight': maximumOff,
  'ε̂ is 0 where the gradient is': { toTheBit: flatOff },
  'the weights come back from w + ε̂ bit for bit': { toTheBit: backOff },
  'with ρ = 0 the path is that of the optimizer alone': {
    toTheBit: (_, seed) => pathsApart(seed, [sam({ rho: 0 })], []),
  },
  'with the batch for its only group m-sharpness is SAM': {
    toTheBit: (_, seed) => pathsApart(seed, [sam({ rho: RHO, m: ROWS })], [sam({ rho: RHO })]),
  },
};

/** What holds whatever the seed and the size, of the steps that an instrumented loop makes. */
export const identities = (): Experiment =>
  exactIdentities(
    {
      title: 'What holds exactly, and how far off it is, relative.',
      claim: 'Definitions and dynamics, to the rounding of float32 or to the bit.',
    },
    IDENTITIES,
  );

function quadraticOff(draw: () => number): number {
  const { a, objective } = quadratic(draw);
  const [before, , after] = path(objective, [sam({ rho: RHO })]);
  const g = times(a, before!);
  const there = before!.map((w, i) => w + (RHO * g[i]!) / Math.hypot(...g));
  const moved = times(a, there).map((g) => -ETA * g);
  return (
    distance(
      after!,
      before!.map((w, i) => w + moved[i]!),
    ) / Math.hypot(...moved)
  );
}

function cycleOff(draw: () => number): number {
  const lambda = 2;
  const w: Variable = variable(tensor1d([draw() - 0.5]));
  const loss = (): Scalar => sum(mul(lambda / 2, square(w)));
  const [end] = path({ params: [w], loss }, [sam({ rho: RHO })], { steps: 400 }).at(-1)!;
  const amplitude = (ETA * lambda * RHO) / (2 - ETA * lambda);
  return Math.abs(Math.abs(end!) / amplitude - 1);
}

function lengthOff(draw: () => number): number {
  const [here, there] = path(network(draw), [sam({ rho: RHO })]);
  return Math.abs(distance(there!, here!) / RHO - 1);
}

function maximumOff(draw: () => number): number {
  const [here, there] = path(quadratic(draw).objective, [sam({ rho: RHO, p: Infinity })]);
  return Math.max(...here!.map((w, i) => Math.abs(Math.abs(there![i]! - w) / RHO - 1)));
}

function flatOff(): number {
  const w: Variable = variable(tensor1d([0, 0]));
  return Math.hypot(...path({ params: [w], loss: () => sum(square(w)) }, [sam({ rho: RHO })]).flat());
}

/** At a learning rate of 0 a step leaves the weights where SAM has put them. */
function backOff(draw: () => number): number {
  const [here, , after] = path(network(draw), [sam({ rho: RHO })], { eta: 0 });
  return distance(after!, here!);
}

function pathsApart(seed: number, some: readonly Intervention[], others: readonly Intervention[]): number {
  const ends = [some, others].map((interventions) => path(network(random(seed)), interventions, { steps: 5 }).at(-1)!);
  return distance(ends[0]!, ends[1]!);
}

/** Descends, and tells the weights wherever a gradient was taken, and those at the end; frees them. */
function path(
  objective: LoopObjective & { readonly params: readonly Variable[] },
  interventions: readonly Intervention[],
  { steps = 1, eta = ETA } = {},
): number[][] {
  const seen: number[][] = [];
  const watching: Intervention = (next) => (at) => {
    seen.push(numbers(at.params));
    return next(at);
  };
  const optimizer = train.sgd(eta);
  const run = instrument(optimizer, {
    interventions: [...interventions, watching],
    offers: objective.batch ? ['batch'] : [],
  });
  for (let step = 0; step < steps; step++) tidy(() => run.minimize(objective));
  void run.stop();
  seen.push(numbers(objective.params));
  optimizer.dispose();
  dispose([...objective.params]);
  return seen;
}

/** ½wᵀAw, A = BᵀB with entries of B, and w, uniform in [-1, 1]. */
function quadratic(draw: () => number) {
  const b = tensor2d(uniform(draw, D * D), [D, D]);
  const a = matMul(b, b, true);
  const w: Variable = variable(tensor2d(uniform(draw, D), [D, 1]));
  const loss = (): Scalar => sum(mul(0.5, mul(w, matMul(a, w as Tensor2D))));
  return { a: a.arraySync() as number[][], objective: { params: [w], loss } };
}

/** A classifier of random inputs. */
function network(draw: () => number): Objective {
  const classes = Int32Array.from({ length: ROWS }, () => Math.floor(3 * draw()));
  const x = tensor2d(uniform(draw, ROWS * D), [ROWS, D]);
  return mlp(draw, [D, 5, 3]).on({ x, y: cast(oneHot(tensor1d(classes, 'int32'), 3), 'float32') });
}

const uniform = (draw: () => number, count: number): number[] => Array.from({ length: count }, () => 2 * draw() - 1);

const numbers = (params: readonly Tensor[]): number[] => params.flatMap((p) => [...p.dataSync()]);

const times = (a: readonly (readonly number[])[], v: readonly number[]): number[] =>
  a.map((row) => row.reduce((total, x, i) => total + x * v[i]!, 0));

const distance = (a: readonly number[], b: readonly number[]): number => Math.hypot(...a.map((x, i) => x - b[i]!));
