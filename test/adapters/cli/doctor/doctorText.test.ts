import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { Examination } from '../../../../adapters/backends/examineBackend.js';
import type { Diagnosis } from '../../../../adapters/cli/doctor/diagnose.js';
import { doctorText } from '../../../../adapters/cli/doctor/doctorText.js';
import { kernelsByState } from '../../../../adapters/cli/doctor/kernelsByState.js';

const wasm: Examination = {
  name: 'wasm',
  why: 'asked for',
  version: '4.22.0',
  threads: 1,
  precision: 'float32',
  gflops: 25.9,
  secondOrder: { works: true, error: 1e-7, selfCheck: 'agrees' },
};

const diagnosis = (changes: Partial<Diagnosis> = {}): Diagnosis => ({
  node: '20.19.0',
  machine: { platform: 'linux', arch: 'x64', cores: 2 },
  tfjs: '4.22.0',
  backends: [wasm],
  chosen: 'wasm',
  kernels: { wasm: kernelsByState('wasm') },
  missing: [],
  ...changes,
});

const text = (changes?: Partial<Diagnosis>): string => stripVTControlCharacters(doctorText(diagnosis(changes)));

test('a healthy machine is told in two tables', () => {
  const lines = text().split('\n');
  expect(lines[0]).toBe('Node 20.19.0 · tfjs 4.22.0 · linux x64, 2 cores');
  expect(lines).toContain('wasm     4.22.0, repaired        1  float32         26  right');
  expect(lines).toContain('The commands run on wasm unless told otherwise.');
  expect(lines.at(-1)).toBe('Nothing is missing.');
});

test('no line is longer than 80 columns, whatever is wrong', () => {
  const problem =
    'libtensorflow.so.2: cannot open shared object file, and much else that it says at some length '.repeat(3);
  const wrong = text({
    backends: [{ name: 'tensorflow', problem, installed: true }, wasm],
    missing: [
      {
        what: 'backend cpu',
        use: 'training where nothing else starts',
        remedy: 'npm install one thing and another; '.repeat(4),
      },
    ],
  });
  for (const line of wrong.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});

test.each<[string, Partial<Examination>, string]>([
  ['of half precision', { precision: 'half' }, 'wasm: computes in half precision on this device'],
  ['that rounds what it multiplies', { name: 'tensorflow', precision: 'half' }, 'set NVIDIA_TF32_OVERRIDE=0 in the'],
  [
    'whose second derivatives are wrong',
    { secondOrder: { works: false, error: 0.5, selfCheck: 'wrong' } },
    'wasm: the second derivative of x tanh x is off by 5e-1, the self-check says\nwrong',
  ],
  ['on which they throw', { secondOrder: { works: false, problem: 'no kernel Tanh' } }, 'wasm: no kernel Tanh'],
])('a backend %s is told of', (_, changes, told) => {
  expect(text({ backends: [{ ...wasm, ...changes }] })).toContain(told);
});

test('a backend that is not installed is no problem, and one that does not start is', () => {
  const problem = 'its process ended with code 1';
  expect(text({ backends: [{ name: 'tensorflow', problem, installed: false }] })).not.toContain(problem);
  expect(text({ backends: [{ name: 'tensorflow', problem, installed: true }] })).toContain(`tensorflow: ${problem}`);
});

test('where no backend starts there is no table of kernels, and what is missing is said', () => {
  const told = text({
    backends: [{ name: 'cpu', problem: 'gone', installed: false }],
    chosen: undefined,
    kernels: {},
    missing: [{ what: 'backend cpu', use: 'training', remedy: 'npm install @tensorflow/tfjs-backend-cpu' }],
  });
  expect(told).not.toContain('second derivatives of kernels');
  expect(told).toContain('backend cpu, for training, is missing:\n  npm install @tensorflow/tfjs-backend-cpu');
});
