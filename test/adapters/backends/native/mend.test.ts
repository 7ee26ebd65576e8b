import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mend } from '../../../../adapters/backends/native/mend.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mend-'));
  writeFileSync(join(folder, 'library'), 'abcdef');
});
afterEach(() => rmSync(folder, { recursive: true }));

const library = () => readFileSync(join(folder, 'library'), 'utf8');

test('a mend writes over its bytes and no others', () => {
  mend(folder, { file: 'library', offset: 2, was: '6364', is: '5859' });
  expect(library()).toBe('abXYef');
});

test.each([
  ['other bytes', 1, '6263'],
  ['the end of the file', 5, '6600'],
])('where a mend finds %s it throws, and the file is as it was', (_, offset, found) => {
  expect(() => mend(folder, { file: 'library', offset, was: '6364', is: '5859' })).toThrow(
    `library has ${found} at ${offset} instead of 6364, and cannot be mended`,
  );
  expect(library()).toBe('abcdef');
});
