import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { StudyResult } from '../../../../adapters/cli/study/study.js';

const main = join(import.meta.dirname, '../../../../dist/adapters/cli/main.js');

/** Runs the command as a user would, and tells how it ended. */
const sharpstream = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, [main, ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!;

test('the quick study of simplicity meets its identities, with the dashboard on, and again to the last digit', async () => {
  const args = ['study', 'simplicity', '--quick', '--backend', 'wasm', '--json'];
  const { code, stdout } = await sharpstream(...args, '--port', '0');
  expect(code).toBe(0);
  const result: StudyResult = JSON.parse(lastLine(stdout));
  expect(result).toMatchObject({ study: 'simplicity', backend: 'wasm', quick: true, seeds: [0], passed: true });
  expect(result.criteria.map(({ passed }) => passed)).toEqual([true, true, true, true]);
  expect(new Set(result.rows.map(({ experiment }) => experiment))).toEqual(
    new Set(['identities', 'products', 'training', 'images']),
  );
  for (const { quantity, values } of result.rows)
    expect(values, quantity).toSatisfy((all) => all.every(Number.isFinite));
  const again = await sharpstream(...args, '--no-dashboard');
  expect(lastLine(again.stdout)).toBe(lastLine(stdout));
}, 120_000);

test('all studies together are one object', async () => {
  const { code, stdout } = await sharpstream(
    'study',
    'all',
    '--quick',
    '--no-dashboard',
    '--first-seed',
    '7',
    '--json',
  );
  expect(code).toBe(0);
  const { study, studies, passed } = JSON.parse(lastLine(stdout));
  expect({ study, passed }).toEqual({ study: 'all', passed: true });
  expect(studies.map(({ study, seeds }: StudyResult) => [study, seeds])).toEqual([['simplicity', [7]]]);
}, 120_000);

test.each([
  [['study', 'complexity'], "there is no study 'complexity'; there are simplicity, and all"],
  [['study', 'simplicity', '--seeds', '0'], '--seeds must be a whole number >= 1, got 0'],
  [['study', 'simplicity', '--first-seed', '1.5'], '--first-seed must be a whole number >= 0, got 1.5'],
  [['study', 'simplicity', '--port', 'x'], '--port must be a whole number >= 0, got x'],
  [['study', 'simplicity', '--backend', 'abacus'], "unknown backend 'abacus'"],
])('sharpstream %s is refused in a sentence', async (args, sentence) => {
  const { code, stderr } = await sharpstream(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(sentence);
});
