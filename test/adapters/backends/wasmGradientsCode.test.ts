import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { wasmGradients } from '../../../adapters/backends/wasmGradients.js';

const backends = fileURLToPath(new URL('../../../adapters/backends', import.meta.url));

test('the code that is checked in is what wasmGradients.wat assembles to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sharpstream-wat-'));
  try {
    const fresh = join(folder, 'code.ts');
    execFileSync(process.execPath, [join(backends, 'assembleWasmGradients.mjs'), fresh]);
    expect(readFileSync(join(backends, 'wasmGradientsCode.ts'), 'utf8')).toBe(readFileSync(fresh, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a backend that hides its memory, or shares it among threads, does without', () => {
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: new (size: object) => object } }).WebAssembly;
  const backend = (asm: object) => ({ wasm: { asm } }) as unknown as BackendWasm;
  expect(wasmGradients(backend({}))).toBeUndefined();
  const shared = new Memory({ initial: 1, maximum: 1, shared: true });
  expect(wasmGradients(backend({ memory: shared }))).toBeUndefined();
  expect(wasmGradients(backend({ memory: new Memory({ initial: 1 }) }))).toBeDefined();
});
