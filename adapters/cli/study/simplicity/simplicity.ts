import type { Study } from '../experiment.js';
import { identities } from './identities.js';
import { IMAGES_SIZE, images } from './images.js';
import { PRODUCTS_SIZE, products } from './products.js';
import { TRAINING_SIZE, training } from './training.js';

/** Deeper networks are biased to maps of low effective rank, before training and after it. */
export const simplicity: Study = {
  name: 'simplicity',
  paper:
    'Huh, Mobahi, Zhang, Cheung, Agrawal, Isola 2021, The Low-Rank Simplicity Bias in Deep Networks, arXiv 2103.10427',
  claim: 'Deeper networks are biased to solutions of low effective rank, at initialization and after training.',
  seeds: 5,
  identities: [identities()],
  experiments: (quick) =>
    quick
      ? [
          products({ width: 8, inputs: 16, draws: 4, depths: [1, 4] }),
          training({ dimension: 6, examples: 4, ranks: [1, 6], depths: [1, 2] }),
          images({ examples: 50, epochs: 1, depths: [1, 2] }),
        ]
      : [products(PRODUCTS_SIZE), training(TRAINING_SIZE), images(IMAGES_SIZE)],
  reference: 'the same in NumPy at float64: 640 draws, and 40 seeds of data of its own',
  leaves: [
    'More test error at depth 4 for a target of full rank is chance where it is met: over 40 seeds in NumPy the difference is -0.004 ± 0.014.',
    'CIFAR and ImageNet, on which the paper shows its gains, and depths beyond 4 of their networks: not tried here.',
    'Other optimizers than gradient descent with momentum: not tried here.',
  ],
};
