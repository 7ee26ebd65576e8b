import { cast, oneHot, tensor1d, tidy, train } from '@tensorflow/tfjs-core';
import type { Batch } from '../../../../src/core/objective.js';
import { random } from '../../../../src/core/random.js';
import { accuracy } from '../digits/accuracy.js';
import type { Measured, Trial } from '../experiment.js';
import { mailObjective } from './mailObjective.js';
import { LENGTH, type Mail, mails } from './mails.js';
import { FULL, methods, QUARTER } from './methods.js';
import { partMails } from './partMails.js';
import { openTraining } from './training.js';
import { type Transformer, transformer } from './transformer.js';
import { vocabulary } from './vocabulary.js';

/** How large: mails to train on and steps on them, mails to test on, words known at most, and numbers a word. */
export interface MailSize {
  readonly train: readonly { readonly mails: number; readonly steps: number }[];
  readonly test: number;
  readonly words: number;
  readonly width: number;
}

export const PLAIN = 'Adam';
export const RHO = 0.15;
export const BATCH = 32;

/** Chosen for Adam alone, on seeds 900 to 902: of 0.001, 0.002, 0.004 and 0.008 the one of best accuracy after 40 steps. */
export const LEARNING_RATE = 0.004;

/** How long a step takes, at most, in steps of Adam alone; `npm run bench -- instrument` measures it. */
export const TIME: Readonly<Record<string, number>> = { [PLAIN]: 1, [FULL]: 2, [QUARTER]: 1.8 };

export const METHODS = methods(PLAIN, RHO);

export const AT_STEPS = 'equal_steps';
export const AT_TIME = 'equal_time';
export const SEEN = 'train.accuracy';

/**
 * What training on so many mails comes to, after so many steps, and again after the time that SAM needs for them. A seed
 * gives the mails, the first weights, the order of the batches and the words that are dropped.
 */
export async function mailSolution(
  n: number,
  method: string,
  size: MailSize,
  { seed, sinks }: Trial,
): Promise<Measured> {
  const most = Math.max(...size.train.map(({ mails }) => mails));
  const parts = partMails(await mails(), { train: most, test: size.test }, seed);
  const { steps } = size.train.find(({ mails }) => mails === n)!;
  return tidy(() => {
    const { words, seen, test } = numbered(parts.train.slice(0, n), parts.test, size.words);
    const { width } = size;
    const network = transformer({ words, length: LENGTH, width, hidden: 2 * width, classes: 2 }, random(seed, 2));
    const training = openTraining({
      on: (batch) => mailObjective(network, batch),
      examples: seen,
      batchSize: BATCH,
      optimizer: train.adam(LEARNING_RATE),
      interventions: METHODS[method]!(),
      seed,
      sinks,
    });
    const told = (when: string): Measured => {
      const { accuracy, loss } = judged(network, test);
      return { [`${when}.accuracy`]: accuracy, [`${when}.loss`]: loss };
    };
    training.go(steps);
    const atSteps = told(AT_STEPS);
    training.go(Math.floor((steps * TIME[FULL]!) / TIME[method]!) - steps);
    const values = { ...atSteps, ...told(AT_TIME), [SEEN]: judged(network, seen).accuracy };
    training.end();
    network.dispose();
    return values;
  });
}

function judged(network: Transformer, on: Batch): { readonly accuracy: number; readonly loss: number } {
  return tidy(() => {
    const { outputs, outputLoss } = mailObjective(network, on, 'inference');
    const logits = outputs!();
    return { accuracy: accuracy(() => logits[0]!, on), loss: outputLoss!(logits).dataSync()[0]! };
  });
}

/** Mails as numbers, by the words of those to train on. */
function numbered(seen: readonly Mail[], test: readonly Mail[], most: number) {
  const known = vocabulary(seen, most);
  const batch = (some: readonly Mail[]): Batch => {
    const spam = some.map((mail) => Number(mail.spam));
    return { x: known.encode(some), y: cast(oneHot(tensor1d(spam, 'int32'), 2), 'float32') };
  };
  return { words: known.size, seen: batch(seen), test: batch(test) };
}
