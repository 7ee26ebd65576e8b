import { styleText } from 'node:util';
import { criterionCells, rowCells } from './cells.js';
import type { Experiment, Study } from './experiment.js';
import type { StudyResult } from './study.js';
import { textTable } from './textTable.js';

/** What the command says of a study on a terminal. */
export function studyReport(study: Study, result: StudyResult): string {
  const experiments = [...study.identities, ...study.experiments(result.quick)];
  return [
    summary(study, result),
    ...experiments.map((experiment) => described(experiment, result)),
    verdicts(result),
    notes(study, result),
  ].join('\n\n');
}

const summary = ({ name, paper, claim }: Study, { seeds, quick }: StudyResult): string =>
  [
    `study     ${name}, ${seeds.length === 1 ? 'seed' : 'seeds'} ${seeds.join(', ')}${quick ? ', toy size' : ''}`,
    `paper     ${paper}`,
    `claim     ${claim}`,
  ].join('\n');

function described({ name, title, claim }: Experiment, { rows }: StudyResult): string {
  const { columns, rows: cells } = rowCells(rows.filter(({ experiment }) => experiment === name));
  return `${styleText('bold', name)}  ${title}\nthe paper: ${claim}\n\n${textTable(columns, cells)}`;
}

/** Two lines each, so that they fit. */
function verdicts({ criteria }: StudyResult): string {
  const lines = criterionCells(criteria).rows.map(([name, observed, error, bound, verdict]) => {
    const color = verdict === 'met' ? 'green' : 'red';
    const value = error ? `${observed} ± ${error}` : observed;
    return `${styleText(color, verdict!.padEnd(8))} ${name}\n${' '.repeat(9)}observed ${value}, must be ${bound}`;
  });
  return `${styleText('bold', 'criteria')}\n${lines.join('\n')}`;
}

function notes(study: Study, { quick, seeds, rows, criteria }: StudyResult): string {
  const failed = criteria.filter(({ passed }) => !passed).length;
  const lines = [
    seeds.length > 1 && '± is one standard error over the seeds; differences are paired by seed',
    rows.some(({ reference }) => reference !== undefined) && `reference is ${study.reference}`,
    quick && 'at toy size only the identities are judged: the rest shows that it runs',
  ];
  const verdict =
    failed === 0 ? `All ${criteria.length} criteria are met.` : `${failed} of ${criteria.length} criteria are not met.`;
  return `${styleText('dim', lines.filter((line) => line !== false).join('\n'))}\n${verdict}`;
}
