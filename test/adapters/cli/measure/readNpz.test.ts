import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterAll, expect, test } from 'vitest';
import { readNpz } from '../../../../adapters/cli/measure/readNpz.js';
import { npyBytes } from './npyBytes.js';

interface Saved {
  readonly npz: string;
  readonly arrays: Readonly<Record<string, { dtype: string; shape: number[]; values: number[] }>>;
}

/** What NumPy saved, and what it held: written by test/reference/numpy_arrays.py. */
const cases: Record<string, Saved> = JSON.parse(readFileSync(new URL('numpy.json', import.meta.url), 'utf8'));

const folder = mkdtempSync(join(tmpdir(), 'npz-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function saved(bytes: Uint8Array): string {
  const path = join(folder, `${files++}.npz`);
  writeFileSync(path, bytes);
  return path;
}

test.each(Object.entries(cases))('arrays that NumPy saved are read as they were: %s', (_, { npz, arrays }) => {
  const read = readNpz(saved(Buffer.from(npz, 'base64')));
  expect([...read.keys()]).toEqual(Object.keys(arrays));
  for (const [name, { dtype, shape, values }] of Object.entries(arrays)) {
    const array = read.get(name)!;
    expect({ name, dtype: array.dtype, shape: array.shape }).toEqual({ name, dtype, shape });
    expect(Array.from(array.values)).toEqual(values);
  }
});

const x = { dtype: '<f4', shape: [2, 3], values: [1, 2, 3, 4, 5, 6] };
const archive = (file: Uint8Array): string => saved(zipSync({ 'x.npy': file }));

test.each([
  [
    'a zip that is cut short',
    () => saved(Buffer.from(cases.compressed!.npz, 'base64').subarray(0, 200)),
    'is no .npz, or is damaged',
  ],
  ['a file that is no zip', () => saved(Buffer.from('x,y\n1,2\n')), 'make it with numpy.savez('],
  ['an empty file', () => saved(new Uint8Array(0)), 'is no .npz, or is damaged'],
  ['no file', () => join(folder, 'none.npz'), 'none.npz cannot be read: there is no such file'],
  ['a folder', () => folder, 'cannot be read: it is a folder'],
  [
    'an array cut short',
    () => archive(npyBytes(x).slice(0, -4)),
    'x has the shape [2, 3] of <f4, 24 bytes, but holds 20',
  ],
  [
    'an array with more than its shape',
    () => archive(Buffer.concat([npyBytes(x), Buffer.alloc(4)])),
    '24 bytes, but holds 28',
  ],
  ['objects', () => archive(npyBytes({ ...x, dtype: '|O' })), 'x has the dtype |O, which is not read; save it with'],
  ['complex numbers', () => archive(npyBytes({ ...x, dtype: '<c8' })), 'x has the dtype <c8'],
  ['what is no .npy', () => archive(Buffer.from('1, 2, 3, 4, 5, 6, 7')), 'x is no .npy file; save it with numpy.savez'],
  ['a header without a shape', () => archive(Buffer.from(npyBytes(x)).fill(32, 40, 70)), 'has no shape'],
])('%s is refused, saying what it is and what to do', (_, file, message) => {
  expect(() => readNpz(file())).toThrow(message);
});
