import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const programs = [...readme.matchAll(/^```(diff|js)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) =>
  // A diff reads as its right side.
  kind === 'diff' ? text!.replace(/^-.*\n/gm, '').replace(/^[+ ]/gm, '') : text!,
);
const files = programs.map((_, i) => join(root, 'test', `.readme-${i}.mjs`));

afterAll(() => files.forEach((file) => rmSync(file, { force: true })));

/** Programs of the page stay open while their dashboard does; each of these ends by itself. */
test.each(programs.map((text, i) => [text.split('\n')[0]!, text, files[i]!]))(
  'the program of the README that begins with %s runs',
  async (_, text, file) => {
    writeFileSync(file, text.replace('port: 6070', 'port: 0'));
    await promisify(execFile)(process.execPath, [file], { cwd: root });
  },
);

test('the README shows three programs', () => {
  expect(programs).toHaveLength(3);
});

test('the pictures of the README are there', () => {
  const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path!);
  expect(pictures.length).toBeGreaterThan(0);
  for (const path of pictures) expect(readFileSync(join(root, path)).subarray(1, 4).toString()).toBe('PNG');
});
