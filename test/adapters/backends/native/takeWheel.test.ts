import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isTaken, takeWheel } from '../../../../adapters/backends/native/takeWheel.js';
import { type Wheel, wheelsFor } from '../../../../adapters/backends/native/wheels.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wheel-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a wheel', () => {
  const bytes = zipSync({
    'pack/bin/run': [strToU8('program'), { os: 3, attrs: 0o755 << 16 }],
    'pack/lib/a.so': strToU8('library'),
    'pack/include/a.h': strToU8('header'),
    'pack.dist-info/License.txt': strToU8('licence'),
  });
  const wheel: Wheel = {
    name: 'a-pack',
    version: '1',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    unpacked: 21,
    pick: 'pack/(?!include/).+|pack\\.dist-info/License\\.txt',
    places: [
      ['pack.dist-info/License.txt', 'parts/pack.License.txt'],
      ['pack', 'parts/pack'],
    ],
  };

  /** As an earlier run has downloaded it, so that pip is not asked. */
  function downloaded(content: Uint8Array): void {
    mkdirSync(join(folder, 'wheel'), { recursive: true });
    writeFileSync(join(folder, 'wheel/a_pack-1-py3-none-any.whl'), content);
  }

  test('leaves what is picked of it in its place, and nothing else', async () => {
    downloaded(bytes);
    expect(isTaken(wheel, folder)).toBe(false);
    await takeWheel('python3', wheel, folder, false);
    expect(isTaken(wheel, folder)).toBe(true);
    expect(readFileSync(join(folder, 'parts/pack/lib/a.so'), 'utf8')).toBe('library');
    expect(readFileSync(join(folder, 'parts/pack.License.txt'), 'utf8')).toBe('licence');
    expect(statSync(join(folder, 'parts/pack/bin/run')).mode & 0o777).toBe(0o755);
    expect(existsSync(join(folder, 'parts/pack/include'))).toBe(false);
    expect(readdirSync(folder)).toEqual(['parts']);
  });

  test('is mended before anything of it is in its place', async () => {
    const [from, to] = ['lib', 'LIB'].map((text) => Buffer.from(text).toString('hex')) as [string, string];
    const change = { file: 'pack/lib/a.so', offset: 0, was: from, is: to };
    downloaded(bytes);
    const unlike = { ...wheel, mends: [change, change] };
    await expect(takeWheel('python3', unlike, folder, false)).rejects.toThrow('cannot be mended');
    expect(isTaken(wheel, folder)).toBe(false);
    await takeWheel('python3', { ...wheel, mends: [change] }, folder, false);
    expect(readFileSync(join(folder, 'parts/pack/lib/a.so'), 'utf8')).toBe('LIBrary');
  });

  test('is taken again over what an interrupted run has left', async () => {
    mkdirSync(join(folder, 'unpacked/pack'), { recursive: true });
    mkdirSync(join(folder, 'parts/pack.License.txt'), { recursive: true });
    downloaded(bytes);
    await takeWheel('python3', wheel, folder, false);
    expect(readFileSync(join(folder, 'parts/pack.License.txt'), 'utf8')).toBe('licence');
  });

  test('that is another than expected is deleted, and nothing is unpacked', async () => {
    downloaded(new Uint8Array([1, 2, 3]));
    await expect(takeWheel('python3', wheel, folder, false)).rejects.toThrow('is not the file that sharpstream knows');
    expect(readdirSync(join(folder, 'wheel'))).toEqual([]);
    expect(isTaken(wheel, folder)).toBe(false);
  });
});

test('for the processor one wheel is fetched, for a GPU TensorFlow and the parts of CUDA, each pinned', () => {
  expect(wheelsFor('cpu').map(({ name }) => name)).toEqual(['tensorflow-cpu']);
  const names = wheelsFor('gpu').map(({ name }) => name);
  expect(names[0]).toBe('tensorflow');
  expect(names).toContain('nvidia-cuda-runtime-cu12');
  expect(names).toContain('nvidia-cudnn-cu12');
  for (const { sha256 } of [...wheelsFor('cpu'), ...wheelsFor('gpu')]) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});
