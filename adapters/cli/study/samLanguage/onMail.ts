import { type Criterion, criterion } from '../criterion.js';
import { crossed } from '../crossed.js';
import { leastOf, pairedDifference } from '../estimate.js';
import type { Experiment } from '../experiment.js';
import type { Findings } from '../findings.js';
import {
  AT_STEPS,
  AT_TIME,
  LEARNING_RATE,
  type MailSize,
  METHODS,
  mailSolution,
  PLAIN,
  RHO,
  SEEN,
  TIME,
} from './mailSolution.js';
import { LENGTH } from './mails.js';
import { FULL, QUARTER } from './methods.js';

/** Steps in which Adam alone learns 99 % of its mails, on seeds 900 to 902. */
export const ON_MAIL_SIZE: MailSize = {
  train: [
    { mails: 100, steps: 40 },
    { mails: 300, steps: 40 },
    { mails: 1000, steps: 80 },
  ],
  test: 1000,
  words: 1000,
  width: 32,
};

/**
 * A transformer that tells spam from other mail, from few mails: how many it has not seen it tells right, with SAM in full,
 * with its ascent on a quarter of the batch, and without. Measured when all have taken as many steps, and when all have had
 * as much time: then the others have taken more.
 */
export function onMail(size: MailSize): Experiment {
  const { test, width } = size;
  const conditions = crossed({ mails: size.train.map(({ mails }) => mails), method: Object.keys(METHODS) });
  const steps = size.train.map(({ mails, steps }) => `${steps} for ${mails} mails`).join(', ');
  return {
    name: 'mail',
    title:
      `A transformer of one block, width ${width}, reads the first ${LENGTH} words of mails and tells spam from the rest; ${test} mails ` +
      `are for testing. At ${AT_STEPS} all methods have taken as many, ${steps}; at ${AT_TIME} they have had the time that SAM needs ` +
      `for them, where one of SAM takes that of ${TIME[FULL]} of Adam, one at f = 1/4 that of ${TIME[QUARTER]}. ρ ${RHO}, learning rate ${LEARNING_RATE}.`,
    claim: 'SAM generalizes better, the more so the less data there are, and most of it is kept at f = 1/4.',
    quantities: [
      ...[AT_STEPS, AT_TIME].flatMap((when) => [
        { name: `${when}.accuracy`, unit: '1' },
        { name: `${when}.loss`, unit: '1' },
      ]),
      { name: SEEN, unit: '1' },
    ],
    conditions,
    baseline: ({ mails }) => ({ mails: mails!, method: PLAIN }),
    measure: ({ mails: n, method }, trial) => mailSolution(n as number, method as string, size, trial),
    judge: (findings) => judge(findings, size),
  };
}

function judge(findings: Findings, size: MailSize): Criterion[] {
  const train = size.train.map(({ mails }) => mails);
  const gain = (quantity: string, method: string, n: number) =>
    findings.difference(quantity, { mails: n, method }, { mails: n, method: PLAIN });
  const least = (quantity: string, method: string) => leastOf(train.map((n) => gain(quantity, method, n)));
  const gains = (n: number): number[] => {
    const plain = findings.values(`${AT_STEPS}.accuracy`, { mails: n, method: PLAIN });
    return findings.values(`${AT_STEPS}.accuracy`, { mails: n, method: FULL }).map((value, i) => value - plain[i]!);
  };
  const [few, many] = [train[0]!, train.at(-1)!];
  return [
    ...[AT_STEPS, AT_TIME].flatMap((when) =>
      [FULL, QUARTER].map((method) =>
        criterion(
          `${when}.accuracy: ${method} less ${PLAIN}, the least of all sizes`,
          least(`${when}.accuracy`, method),
          '>',
          0,
        ),
      ),
    ),
    criterion(
      `${AT_STEPS}.accuracy: ${FULL} less ${PLAIN}, of ${few} mails less of ${many}`,
      pairedDifference(gains(few), gains(many)),
      '>',
      0,
    ),
  ];
}
