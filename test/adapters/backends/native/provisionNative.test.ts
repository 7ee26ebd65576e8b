import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checksum } from '../../../../adapters/backends/native/checksum.js';
import { type Machine, thisMachine } from '../../../../adapters/backends/native/machine.js';
import {
  isProvisioned,
  MANIFEST,
  nativeFolder,
  provisionedFolder,
} from '../../../../adapters/backends/native/nativeFolder.js';
import { provisionNative, removeNative } from '../../../../adapters/backends/native/provisionNative.js';
import { runProgram } from '../../../../adapters/backends/native/runProgram.js';

let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'native-'));
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** A program that prints its answer and ends with `code`. */
function program(name: string, answer: string, code = 0): string {
  const path = join(scratch, name);
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\nexit ${code}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** A machine on which all is well; nothing is downloaded, for each test stops before that. */
const machine = (changes: Partial<Machine>): Machine => ({
  ...{ platform: 'linux', arch: 'x64', glibc: '2.31', free: () => 1e12 },
  python: program('python', 'pip 24'),
  compilers: [program('compiler', 'g++ 12')],
  ...changes,
});

const provision = (changes: Partial<Machine>) =>
  provisionNative({ folder: join(scratch, 'native'), machine: machine(changes) });

describe('provisioning refuses', () => {
  test.each([
    ['darwin', 'arm64'],
    ['win32', 'x64'],
    ['linux', 'arm64'],
  ])('%s on %s, and says that it is not proven there', async (platform, arch) => {
    await expect(provision({ platform, arch })).rejects.toThrow(
      `proven on linux x64 only, and this is ${platform} ${arch}; npm install @tensorflow/tfjs-node may work`,
    );
  });

  test('a system without glibc', async () => {
    await expect(provision({ glibc: undefined })).rejects.toThrow("TensorFlow's libraries need glibc");
  });

  test('a machine without a compiler, and names what it looked for', async () => {
    await expect(provision({ compilers: ['no-g++', 'no-clang'] })).rejects.toThrow(
      'no C++ compiler: no-g++, no-clang not found; apt-get install g++',
    );
  });

  test('a machine without Python', async () => {
    await expect(provision({ python: 'no-python' })).rejects.toThrow('no Python: no-python was not found; apt-get');
  });

  test('a Python without pip', async () => {
    const python = program('bare', 'No module named pip', 1);
    await expect(provision({ python })).rejects.toThrow(`${python} has no pip; apt-get install python3 python3-pip`);
  });

  test('a disk that is too full for what is missing, and says how much is needed', async () => {
    await expect(provision({ free: () => 5e8 })).rejects.toThrow(
      /^880 MB are needed in .*native\.partial, and 500 MB are free; make room, or set XDG_CACHE_HOME$/,
    );
  });
});

test('what is done already is not done again, and an addon that does not load is taken away', async () => {
  const work = join(scratch, 'native.partial');
  for (const name of ['lib/libtensorflow_framework.so.2', 'tfjs-node/node_modules/google-protobuf'])
    mkdirSync(join(work, name), { recursive: true });
  const addon = join(work, 'tfjs_binding.node');
  writeFileSync(addon, 'no addon');
  await expect(provision({ free: () => 0 })).rejects.toThrow('the addon was built and does not load');
  expect(existsSync(addon)).toBe(false);
});

test('the first compiler that is there is taken', async () => {
  const compilers = ['no-g++', program('second', 'clang 15')];
  await expect(provision({ compilers, free: () => 0 })).rejects.toThrow('are needed in');
});

test('a folder is finished when all it lists is there in full', () => {
  const folder = join(scratch, 'folder');
  expect(isProvisioned(folder)).toBe(false);
  mkdirSync(folder);
  writeFileSync(join(folder, 'library'), '12345');
  expect(isProvisioned(folder)).toBe(false);
  writeFileSync(join(folder, MANIFEST), JSON.stringify({ library: 5 }));
  expect(isProvisioned(folder)).toBe(true);
  writeFileSync(join(folder, 'library'), '123');
  expect(isProvisioned(folder)).toBe(false);
});

test('removing takes away what is finished and what is not, once', () => {
  const folder = join(scratch, 'native');
  mkdirSync(folder);
  mkdirSync(`${folder}.partial`);
  expect(removeNative(folder)).toBe(true);
  expect([folder, `${folder}.partial`].some((path) => existsSync(path))).toBe(false);
  expect(removeNative(folder)).toBe(false);
});

test('the folder lies in the cache of the user, where XDG_CACHE_HOME says', () => {
  expect(nativeFolder('cpu', { XDG_CACHE_HOME: '/cache' })).toMatch(
    /^\/cache\/sharpstream\/tensorflow-2\.16\.2-tfjs-4\.22\.0-/,
  );
  expect(nativeFolder('cpu', {})).toContain('/.cache/sharpstream/');
});

test('what is provisioned for a GPU has a folder of its own, and is taken first', () => {
  const env = { XDG_CACHE_HOME: scratch };
  const [cpu, gpu] = [nativeFolder('cpu', env), nativeFolder('gpu', env)];
  expect(provisionedFolder(env)).toBe(cpu);
  mkdirSync(gpu, { recursive: true });
  expect(provisionedFolder(env)).toBe(cpu);
  writeFileSync(join(gpu, MANIFEST), '{}');
  expect(provisionedFolder(env)).toBe(gpu);
});

test('a file with another checksum is deleted, and the error names both', async () => {
  const file = join(scratch, 'wheel');
  writeFileSync(file, 'abc');
  // FIPS 180-2, appendix B.1: the digest of "abc".
  const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  await checksum(file, 'sha256', 'hex', digest);
  await expect(checksum(file, 'sha256', 'hex', 'f00')).rejects.toThrow(`its sha256 is ${digest} instead of f00`);
  expect(existsSync(file)).toBe(false);
});

test('a program that fails is an error with the end of what it said', async () => {
  const failing = program('failing', 'disk on fire', 3);
  await expect(runProgram(failing, ['--now'])).rejects.toThrow(/failing --now ended with 3:\ndisk on fire/);
});

test('this machine is read without running anything', () => {
  expect(thisMachine({ CXX: 'my-c++', PYTHON: 'my-python' })).toMatchObject({
    platform: process.platform,
    compilers: ['my-c++'],
    python: 'my-python',
  });
  expect(thisMachine({}).free(scratch)).toBeGreaterThan(0);
});
