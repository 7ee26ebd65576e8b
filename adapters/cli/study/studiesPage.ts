import { type Cells, criterionCells, rowCells } from './cells.js';
import type { Experiment, Study } from './experiment.js';
import type { StudyResult } from './study.js';

/** A study as it was carried out on a day, over several sets of seeds; the first are those of the command. */
export interface StudyRecord {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly results: readonly StudyResult[];
}

const INTRODUCTION = `# Studies

A study tries what a paper has found, on a task small enough for minutes: \`npx sharpstream study simplicity\`, or \`all\`. It streams to the dashboard while it runs, prints means with their standard errors over seeds, differences paired by seed, and criteria with their bounds; where one is not met it says so, and exits with 1. The same seeds give the same table on the same backend. \`--quick\` tries in seconds what holds exactly.

This page is written by \`npm run studies\`, which carries out every study over three sets of seeds; their numbers, seed by seed, are in \`docs/studies.json\`. ± is one standard error.
`;

/** docs/studies.md: of each study what is claimed, what was seen, and what was not reproduced. */
export const studiesPage = (studies: readonly Study[], records: readonly StudyRecord[]): string =>
  [
    INTRODUCTION,
    ...studies.map((study) => {
      const record = records.find(({ results }) => results[0]!.study === study.name);
      if (!record) throw new Error(`docs/studies.json has no study '${study.name}'; npm run studies`);
      return pageOf(study, record);
    }),
  ].join('\n');

function pageOf(study: Study, { date, results }: StudyRecord): string {
  const [first] = results as [StudyResult];
  const sets = results.map(({ seeds }) => span(seeds)).join(', ');
  return `## ${study.name}

${study.paper}

**Claimed.** ${study.claim}

**Seen** on ${date}, on ${first.backend}; seeds ${sets}. The tables are of seeds ${span(first.seeds)}; reference: ${study.reference}.

${study
  .experiments(false)
  .map((experiment) => tableOf(experiment, first))
  .join('\n')}
**Criteria**

${markdown(acrossSets(results))}
**Not reproduced**

${notReproduced(study, results)}
`;
}

function tableOf({ name, title, claim }: Experiment, { rows }: StudyResult): string {
  return `*${name}.* ${title} The paper: ${afterColon(claim)}\n\n${markdown(rowCells(rows.filter(({ experiment }) => experiment === name)))}`;
}

/** A sentence begins small there, but for an abbreviation. */
const afterColon = (sentence: string): string =>
  /^\p{Lu}\p{Ll}/u.test(sentence) ? `${sentence[0]!.toLowerCase()}${sentence.slice(1)}` : sentence;

/** Each criterion once, with what every set of seeds has shown. */
function acrossSets(results: readonly StudyResult[]): Cells {
  const cells = results.map(({ criteria }) => criterionCells(criteria).rows);
  return {
    columns: [
      { head: 'criterion' },
      { head: 'bound', numbers: true },
      ...results.map(({ seeds }) => ({ head: `seeds ${span(seeds)}`, numbers: true })),
    ],
    rows: cells[0]!.map(([name, , , bound], i) => [
      name!,
      bound!,
      ...cells.map((set) => {
        const [, observed, error, , verdict] = set[i]!;
        return `${error ? `${observed} ± ${error}` : observed}, ${verdict}`;
      }),
    ]),
  };
}

function notReproduced(study: Study, results: readonly StudyResult[]): string {
  const missed = results[0]!.criteria.flatMap(({ name }, i) => {
    const failed = results.filter(({ criteria }) => !criteria[i]!.passed).length;
    return failed === 0 ? [] : [`${name}: not met in ${failed} of ${results.length} sets of seeds.`];
  });
  return [...missed, ...study.leaves].map((line) => `- ${line}`).join('\n');
}

const span = (seeds: readonly number[]): string =>
  seeds.length === 1 ? String(seeds[0]) : `${seeds[0]} to ${seeds.at(-1)}`;

function markdown({ columns, rows }: Cells): string {
  const shown = columns.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ''));
  const line = (cells: readonly string[]): string => `| ${shown.map((i) => escaped(cells[i]!)).join(' | ')} |`;
  const rule = `| ${shown.map((i) => (columns[i]!.numbers ? '--:' : '---')).join(' | ')} |`;
  return [line(columns.map(({ head }) => head)), rule, ...rows.map(line), ''].join('\n');
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll('*', '\\*');
