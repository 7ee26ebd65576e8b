import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Study } from '../../../../adapters/cli/study/experiment.js';
import { notebook } from '../../../../adapters/cli/study/findings.js';
import { studies } from '../../../../adapters/cli/study/studies.js';
import { type StudyRecord, studiesPage } from '../../../../adapters/cli/study/studiesPage.js';
import type { StudyResult } from '../../../../adapters/cli/study/study.js';

const docs = join(import.meta.dirname, '../../../../docs');
const records: StudyRecord[] = JSON.parse(readFileSync(join(docs, 'studies.json'), 'utf8'));
const recordOf = (name: string): StudyRecord => records.find(({ results }) => results[0]!.study === name)!;
const studyOf = ({ results }: StudyRecord): Study => studies.find(({ name }) => name === results[0]!.study)!;

test('the page of studies is what its numbers make', () => {
  expect(readFileSync(join(docs, 'studies.md'), 'utf8')).toBe(studiesPage(studies, records));
});

test.each(studies)('$name was carried out at full size over three sets of seeds', (study) => {
  const { results, date } = recordOf(study.name);
  expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(results.map(({ seeds }) => seeds[0])).toEqual([0, 100, 200]);
  for (const { seeds, quick, rows } of results) {
    expect({ count: seeds.length, quick }).toEqual({ count: study.seeds, quick: false });
    for (const { name, conditions } of [...study.identities, ...study.experiments(false)]) {
      const found = rows.filter(({ experiment }) => experiment === name).map(({ condition }) => condition);
      expect(found).toEqual(expect.arrayContaining([...conditions]));
    }
  }
});

test.each(studies)('what $name saw is judged by the criteria of today', (study) => {
  for (const result of recordOf(study.name).results) {
    const judged = [...study.identities, ...study.experiments(false)].flatMap((experiment) => {
      const criteria = experiment.judge(seen(result, experiment.name));
      return criteria.map((criterion) => ({ experiment: experiment.name, ...criterion }));
    });
    expect(judged).toEqual(result.criteria);
    expect(result.passed).toBe(judged.every(({ passed }) => passed));
  }
});

/** The findings of an experiment, from the values that its rows keep. */
function seen({ rows }: StudyResult, name: string) {
  const book = notebook();
  for (const { quantity, condition, values } of rows.filter(({ experiment }) => experiment === name)) {
    for (const value of values) book.add(condition, { [quantity]: value });
  }
  return book;
}

test('a criterion that one set of seeds does not meet stands among what was not reproduced', () => {
  const [record] = records as [StudyRecord];
  const results = record.results.map((result, set) => ({
    ...result,
    criteria: result.criteria.map((criterion, i) => (i === 0 ? { ...criterion, passed: set !== 1 } : criterion)),
  }));
  const page = studiesPage([studyOf(record)], [{ ...record, results }]);
  expect(page).toContain(`- ${results[0]!.criteria[0]!.name}: not met in 1 of 3 sets of seeds.\n`);
});

test('after a colon a claim begins small, but for an abbreviation', () => {
  const [record] = records as [StudyRecord];
  const claiming = (claim: string): Study => {
    const study = studyOf(record);
    return { ...study, experiments: () => study.experiments(false).map((experiment) => ({ ...experiment, claim })) };
  };
  const page = (claim: string): string => studiesPage([claiming(claim)], [record]);
  expect(page('Deeper is better.')).toContain('The paper: deeper is better.');
  expect(page('SAM is flatter.')).toContain('The paper: SAM is flatter.');
});

test('a study whose numbers are missing is an error that names the remedy', () => {
  expect(() => studiesPage(studies, [])).toThrow(
    `docs/studies.json has no study '${studies[0]!.name}'; npm run studies`,
  );
});
