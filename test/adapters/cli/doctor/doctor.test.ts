import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../../../adapters/cli/doctor/diagnose.js';
import { findNative, nativeCache } from '../../backends/native/provisioned.js';

const main = join(import.meta.dirname, '../../../../dist/adapters/cli/main.js');

/** What the command finds, with the native backend looked for in `cache`. */
async function doctor(cache: string): Promise<Diagnosis> {
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'doctor', '--json'], {
    env: { ...process.env, XDG_CACHE_HOME: cache },
  });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}

const right = expect.objectContaining({ works: true, selfCheck: 'agrees' });

test('the doctor finds wasm and cpu right, and says what brings TensorFlow', async () => {
  const { backends, chosen, kernels, missing, tfjs } = await doctor('/nowhere');
  expect(backends).toMatchObject([
    { name: 'tensorflow', installed: false },
    { name: 'wasm', version: '4.22.0', threads: 1, precision: 'float32', secondOrder: right },
    { name: 'cpu', version: '4.22.0', threads: 1, precision: 'float32', secondOrder: right },
  ]);
  for (const { gflops } of backends.slice(1) as { gflops: number }[]) expect(gflops).toBeGreaterThan(0);
  expect({ tfjs, chosen, kernels: Object.keys(kernels) }).toEqual({
    tfjs: '4.22.0',
    chosen: 'wasm',
    kernels: ['wasm', 'cpu'],
  });
  expect(missing.map(({ what }) => what)).toEqual(['backend tensorflow']);
});

describe.skipIf(!findNative())('where the native backend is there', () => {
  test('the doctor finds it right, and nothing is missing', async () => {
    const { backends, chosen, missing } = await doctor(nativeCache.XDG_CACHE_HOME!);
    expect(backends[0]).toMatchObject({
      name: 'tensorflow',
      version: '2.16.2',
      precision: 'float32',
      secondOrder: right,
    });
    expect({ chosen, missing }).toEqual({ chosen: 'tensorflow', missing: [] });
  });
});
