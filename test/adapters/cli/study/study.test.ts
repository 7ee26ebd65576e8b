import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { studies } from '../../../../adapters/cli/study/studies.js';
import type { StudyResult } from '../../../../adapters/cli/study/study.js';

const main = join(import.meta.dirname, '../../../../dist/adapters/cli/main.js');

/** Runs the command as a user would, and tells how it ended. */
const sharpstream = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [main, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!;

const quick = ['--quick', '--backend', 'wasm', '--json'];

test('quick studies meet their identities, with the dashboard on, and again to the last digit', async () => {
  const { code, stdout } = await sharpstream('study', 'all', ...quick, '--port', '0');
  expect(code).toBe(0);
  const all: { studies: StudyResult[] } = JSON.parse(lastLine(stdout));
  expect(all).toMatchObject({ study: 'all', backend: 'wasm', passed: true });
  expect(all.studies.map(({ study }) => study)).toEqual(studies.map(({ name }) => name));
  all.studies.forEach(({ rows, criteria, ...result }, i) => {
    const { identities, experiments } = studies[i]!;
    expect(result).toMatchObject({ backend: 'wasm', quick: true, seeds: [0], passed: true });
    expect(criteria.length).toBeGreaterThan(0);
    expect(new Set(rows.map(({ experiment }) => experiment))).toEqual(
      new Set([...identities, ...experiments(true)].map(({ name }) => name)),
    );
    for (const { quantity, values } of rows) expect(values, quantity).toSatisfy((all) => all.every(Number.isFinite));
  });
  const again = await sharpstream('study', 'all', ...quick, '--no-dashboard');
  expect(lastLine(again.stdout)).toBe(lastLine(stdout));
}, 240_000);

test('a study alone, of another seed', async () => {
  const { code, stdout } = await sharpstream('study', 'simplicity', ...quick, '--no-dashboard', '--first-seed', '7');
  expect(code).toBe(0);
  expect(JSON.parse(lastLine(stdout))).toMatchObject({ study: 'simplicity', seeds: [7], passed: true });
}, 120_000);

test.each([
  [
    ['study', 'complexity'],
    `there is no study 'complexity'; there are ${studies.map(({ name }) => name).join(', ')}, and all`,
  ],
  [['study', 'simplicity', '--seeds', '0'], '--seeds must be a whole number >= 1, got 0'],
  [['study', 'simplicity', '--first-seed', '1.5'], '--first-seed must be a whole number >= 0, got 1.5'],
  [['study', 'simplicity', '--port', 'x'], '--port must be a whole number >= 0, got x'],
  [['study', 'simplicity', '--backend', 'abacus'], "unknown backend 'abacus'"],
])('sharpstream %s is refused in a sentence', async (args, sentence) => {
  const { code, stderr } = await sharpstream(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
});
