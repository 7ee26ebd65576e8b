import { expect, test } from 'vitest';
import type { Machine } from '../../../../adapters/backends/native/machine.js';
import { missing } from '../../../../adapters/cli/doctor/missing.js';

/** A machine on which native code can be had; `true` answers whatever it is asked. */
const machine = (changes: Partial<Machine> = {}): Machine => ({
  ...{ platform: 'linux', arch: 'x64', glibc: '2.31', free: () => 1e12 },
  python: 'true',
  compilers: ['true'],
  ...changes,
});
const all = (): boolean => true;

test('what is there is not missing', async () => {
  expect(await missing([], all, machine())).toEqual([]);
});

test.each([
  ['wasm', 'npm install @tensorflow/tfjs-backend-wasm'],
  ['cpu', 'npm install @tensorflow/tfjs-backend-cpu'],
  ['tensorflow', 'npx sharpstream native'],
])('the backend %s comes by %s', async (backend, remedy) => {
  expect(await missing([backend], all, machine())).toEqual([
    expect.objectContaining({ what: `backend ${backend}`, remedy }),
  ]);
});

test('where there is no compiler, that comes before the backend that needs it', async () => {
  const [found] = await missing(['tensorflow'], all, machine({ compilers: ['no-such-compiler'] }));
  expect(found!.remedy).toContain('apt-get install g++');
});

test('where the native backend cannot run, the remedy is another', async () => {
  const [found] = await missing(['tensorflow'], all, machine({ platform: 'darwin', arch: 'arm64' }));
  expect(found!.remedy).toContain('npm install @tensorflow/tfjs-node');
});

test('a package that is not installed is named with what it is for', async () => {
  const found = await missing([], (name) => name !== '@opentelemetry/api', machine());
  expect(found).toEqual([
    {
      what: '@opentelemetry/api',
      use: 'sending measurements to OpenTelemetry',
      remedy: 'npm install @opentelemetry/api@1.9',
    },
  ]);
});
