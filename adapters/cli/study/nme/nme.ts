import type { Study } from '../experiment.js';
import { ABLATION_SIZE, ablation } from './ablation.js';
import { identities } from './identities.js';
import { TRACES_SIZE, traces } from './traces.js';

/** What the Hessian has beside the Gauss-Newton matrix decides whether penalties of curvature work. */
export const nme: Study = {
  name: 'nme',
  paper:
    'Dauphin, Agarwala, Mobahi 2024, Neglected Hessian component explains mysteries in sharpness regularization, arXiv 2401.10809',
  claim:
    'H − G, which comes from how the outputs bend, explains why gradient penalties need smooth activations to work as SAM does, ' +
    'and why noise on the weights is better replaced by a penalty of tr G than of tr H.',
  seeds: 3,
  identities: [identities()],
  experiments: (quick) =>
    quick
      ? [
          ablation({ examples: 50, hidden: [8], epochs: 2, batchSize: 25, rhos: [0.4] }),
          traces({ examples: 50, hidden: [8], epochs: 2, batchSize: 25, variances: [0.001, 0.003, 0.01] }),
        ]
      : [ablation(ABLATION_SIZE), traces(TRACES_SIZE)],
  reference: 'the same in NumPy at float64, means of 10 seeds of its own',
  leaves: [
    'Updates are compared at one learning rate, at which plain training learns every label, wrong ones included. At 0.01 it learns 0.77 of them and reads 0.844 ± 0.005 of the unseen right, over 5 seeds in NumPy: most of what the penalties gain at 0.1 an early end gives too.',
    'With β = 20 the gradient penalty fails at 8 of the 9 seeds; of 10 in NumPy at about half, where it reads 0.42 ± 0.10 in the mean.',
    'At ρ 0.4 only the penalties with H and with G are tried, at σ² 0.1 not that of tr H: no criterion asks, and the study is to end within four minutes.',
    'The curves of ReLU are not tried here. In NumPy, on 500 digits, 60 epochs and 3 seeds, its gradient penalty at ρ 0.8 was nearly as good as that of GELU, 0.902 and 0.912, against the paper; and φ″ of GELU lent to ReLU helped little, 0.910.',
    'Augmented ReLU, ResNet-50 on ImageNet, Wide ResNet on CIFAR-10, Fashion-MNIST, and five directions a step in place of one: not tried here.',
  ],
};
