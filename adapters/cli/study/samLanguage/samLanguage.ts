import type { Study } from '../experiment.js';
import { identities } from './identities.js';
import type { MailSize } from './mailSolution.js';
import { ON_DIGITS_SIZE, onDigits } from './onDigits.js';
import { ON_MAIL_SIZE, onMail } from './onMail.js';

const TOY_MAIL: MailSize = {
  train: [
    { mails: 32, steps: 4 },
    { mails: 64, steps: 4 },
  ],
  test: 64,
  words: 100,
  width: 8,
};

/** SAM, in full and with its ascent on a quarter of the batch, generalizes better where data are few. */
export const samLanguage: Study = {
  name: 'sam-language',
  paper:
    'Bahri, Mobahi, Tay 2021, Sharpness-Aware Minimization Improves Language Model Generalization, arXiv 2110.08529',
  claim:
    'Language models trained with SAM generalize better, most where data are few, at little cost: its ascent may be on a quarter of the batch.',
  seeds: 5,
  identities: [identities()],
  experiments: (quick) =>
    quick
      ? [onMail(TOY_MAIL), onDigits({ examples: 50, epochs: 2 })]
      : [onMail(ON_MAIL_SIZE), onDigits(ON_DIGITS_SIZE)],
  reference: 'the digits in NumPy, 5 seeds of their own',
  leaves: [
    'The loss on mails that were not trained on is lower with SAM, in full and at f = 1/4, at every size and in every set of seeds, at equal steps and at equal time, and most so at 100 mails. No criterion asks for that: it was seen afterwards.',
    'A step at f = 1/4 counts 1.8 of Adam alone on mail, and not 1.25: TensorFlow.js spends the time of so small a network on calling kernels, as many for a quarter of a batch as for all of it. On a convolutional network whose batches compute it takes at most 1.4: `npm run bench -- instrument`.',
    'The paper fine-tunes T5 after pre-training; the transformer here begins with random weights, and Adam stands for Adafactor.',
    'GLUE, SuperGLUE and the answering of questions, and other ρ than one for all tasks: not tried here.',
  ],
};
