import type { Study } from '../experiment.js';
import { identities } from './identities.js';
import { labelNoise, VARIED } from './labelNoise.js';
import { FULL_SIZE, type Size } from './solution.js';
import { tuned } from './tuned.js';

const TOY_SIZE: Size = { examples: 20, hidden: [4], epochs: 2, batchSize: 10 };

/** Networks that SAM has trained stand in flatter minima, and learn less of what is wrong in their labels. */
export const sam: Study = {
  name: 'sam',
  paper:
    'Foret, Kleiner, Mobahi, Neyshabur 2020, Sharpness-Aware Minimization for Efficiently Improving Generalization, arXiv 2010.01412',
  claim:
    'Minimizing the loss where it is worst nearby finds flatter minima, which generalize better and withstand label noise.',
  seeds: 3,
  identities: [identities()],
  experiments: (quick) =>
    quick ? [labelNoise(TOY_SIZE, VARIED), tuned(TOY_SIZE)] : [labelNoise(FULL_SIZE, VARIED), tuned(FULL_SIZE)],
  reference: 'the same in JAX at float64, means of 20 other seeds',
  leaves: [],
};
