import { cast, oneHot, randomUniform, type Tensor, train } from '@tensorflow/tfjs-core';
import { mailObjective } from '../../adapters/cli/study/samLanguage/mailObjective.js';
import { BATCH, METHODS, PLAIN, TIME } from '../../adapters/cli/study/samLanguage/mailSolution.js';
import { LENGTH } from '../../adapters/cli/study/samLanguage/mails.js';
import { FULL, QUARTER } from '../../adapters/cli/study/samLanguage/methods.js';
import { openTraining } from '../../adapters/cli/study/samLanguage/training.js';
import { transformer } from '../../adapters/cli/study/samLanguage/transformer.js';
import type { Intervention } from '../../src/core/intervention.js';
import { pairs, ratios } from './pairs.js';
import { median, type Row, row } from './row.js';

const SIZE = { words: 1000, length: LENGTH, width: 32, hidden: 64, classes: 2 };
const MAILS = 320;

/** What SAM costs the transformer of the study sam-language, in plain steps: the study counts the time of a step by it. */
export function instrumentMail(): Row[] {
  return [FULL, QUARTER].map((method) => {
    const [plain, changed] = [METHODS[PLAIN]!(), METHODS[method]!()].map(stepOf) as [() => void, () => void];
    const name = `${method} on a transformer, ${BATCH} mails of ${LENGTH} words, in plain steps`;
    return row(name, '1', median(ratios(pairs(400, plain, changed))), TIME[method]);
  });
}

/** The study's own step, on mails that say nothing. */
function stepOf(interventions: readonly Intervention[]): () => void {
  const network = transformer(SIZE, () => 0.5);
  const x = randomUniform([MAILS, LENGTH], 1, SIZE.words, 'int32');
  const y: Tensor = cast(oneHot(randomUniform([MAILS], 0, SIZE.classes, 'int32'), SIZE.classes), 'float32');
  const training = openTraining({
    on: (batch) => mailObjective(network, batch),
    examples: { x, y },
    batchSize: BATCH,
    optimizer: train.adam(),
    interventions,
    seed: 0,
    sinks: [],
  });
  return () => training.go(1);
}
