import { concat1d, norm, reshape, sub, type Tensor, type Tensor1D, tensor2d, tidy, train } from '@tensorflow/tfjs-core';
import { gradient } from '../../../../src/core/gradient.js';
import type { Intervention } from '../../../../src/core/intervention.js';
import type { Batch } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import { sam } from '../../../../src/interventions/sam.js';
import { exactIdentities, type Identities } from '../exactIdentities.js';
import type { Experiment } from '../experiment.js';
import { mailObjective } from './mailObjective.js';
import { openTraining, type Training } from './training.js';
import { type Transformer, transformer } from './transformer.js';

const SIZE = { words: 20, length: 8, width: 8, hidden: 16, classes: 2 };
const BATCH = 32;
const RHO = 0.1;

/** How far off each is. */
const IDENTITIES: Identities = {
  'an ascent on all of the batch is SAM, bit for bit': { toTheBit: (_, seed) => apart(seed, 1 - 1e-9, 1) },
  'with identical mails an ascent on any fraction is SAM, relative': (_, seed) =>
    Math.max(...[1 / 32, 1 / 4, 0.6].map((f) => gradientApart(seed, f))),
  'a step takes 1 + f gradients': {
    toTheBit: (_, seed) => Math.max(...[1, 1 / 4, 1 / 2].map((f) => Math.abs(cost(seed, f) - 1 - f))),
  },
};

/** What holds whatever the seed and the size, of the network that the study trains; words are dropped, but where mails are to be alike. */
export const identities = (): Experiment =>
  exactIdentities(
    {
      title: 'What holds exactly, and how far off it is.',
      claim:
        'An ascent on a fraction f of the batch costs f of a gradient, and is SAM where the fraction is like the rest.',
    },
    IDENTITIES,
  );

const network = (seed: number): Transformer => transformer(SIZE, random(seed, 2));

const ascentOn = (f: number): Intervention => sam({ rho: RHO, ascentFraction: f });

/** Random mails, and what they are; or so many of one. */
function somethingRead(seed: number, alike = false): Batch {
  const draw = random(seed, 3);
  const mail = (): number[] => Array.from({ length: SIZE.length }, () => 1 + Math.floor(draw() * (SIZE.words - 1)));
  const first = mail();
  const rows = Array.from({ length: BATCH }, () => (alike ? first : mail()));
  const classes = rows.map(([word], i) => (word! + (alike ? 0 : i)) % 2);
  return {
    x: tensor2d(rows, [BATCH, SIZE.length], 'int32'),
    y: tensor2d(classes.map((c) => [1 - c, c])),
  };
}

/** How far the weights are from each other after three steps with either fraction. */
function apart(seed: number, f: number, other: number): number {
  return tidy(() => norm(sub(weightsAfter(seed, f, 3), weightsAfter(seed, other, 3))).dataSync()[0]!);
}

function weightsAfter(seed: number, f: number, steps: number): Tensor1D {
  const trained = network(seed);
  const training = trainingOf(trained, seed, f);
  training.go(steps);
  training.end();
  const weights = flat(trained.params);
  trained.dispose();
  return weights;
}

function trainingOf(trained: Transformer, seed: number, f: number): Training {
  return openTraining({
    on: (batch) => mailObjective(trained, batch),
    examples: somethingRead(seed),
    batchSize: BATCH,
    optimizer: train.adam(0.01),
    interventions: [ascentOn(f)],
    seed,
    sinks: [],
  });
}

/** How far what the optimizer gets is from what it gets from SAM, relative, no word dropped, which would part what is alike. */
function gradientApart(seed: number, f: number): number {
  return tidy(() => {
    const one = network(seed);
    const objective = mailObjective(one, somethingRead(seed, true), 'inference');
    const [part, whole] = [f, 1].map((share) => {
      const { grads } = ascentOn(share)(gradient)(objective);
      return flat(one.params.map(({ name }) => grads[name]!));
    });
    one.dispose();
    return norm(sub(part!, whole!)).dataSync()[0]! / norm(whole!).dataSync()[0]!;
  });
}

/** Gradients a step, as the run counts them. */
function cost(seed: number, f: number): number {
  return tidy(() => {
    const trained = network(seed);
    const training = trainingOf(trained, seed, f);
    let counted = 0;
    training.measurements.subscribe(({ name, value }) => {
      if (name === 'gradient.evaluations') counted = value as number;
    });
    training.go(1);
    training.end();
    trained.dispose();
    return counted;
  });
}

const flat = (tensors: readonly Tensor[]): Tensor1D => concat1d(tensors.map((t): Tensor1D => reshape(t, [-1])));
