import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('make.py', import.meta.url));
const checkedIn = fileURLToPath(new URL('../golden', import.meta.url));

const { SHARPSTREAM_PYTHON, PYTHON, CI } = process.env;
const python = SHARPSTREAM_PYTHON || PYTHON || 'python3';
const run = (...args: string[]) => promisify(execFile)(python, [script, ...args]);
const hasJax = () => spawnSync(python, ['-c', 'import jax']).status === 0;

/** Together most layers, every loss and both modes; all that there are with GOLDEN=all, which takes some minutes. */
const sample = [
  ...['mlp-relu6', 'mlp-swish', 'multi-label', 'conv-max-pool', 'conv-batch-norm', 'conv-separable', 'autoencoder'],
  ...['residual', 'lstm', 'attention', 'activations', 'confidence', 'distillation', 'losses', 'nested', 'rank-family'],
  ...['low-rank', 'sam-family', 'transformer', 'wide', 'layers-normalization', 'layers-losses'],
];

test('the golden files are what the scripts make', { timeout: 600_000 }, async ({ skip }) => {
  if (!hasJax()) {
    const remedy = `${python} has no JAX: point SHARPSTREAM_PYTHON at one that has, see test/reference/README.md`;
    if (SHARPSTREAM_PYTHON || CI === 'true') throw new Error(remedy);
    console.warn(`The golden files are not compared with the scripts: ${remedy}.`);
    skip(remedy);
  }
  const fresh = mkdtempSync(join(tmpdir(), 'golden-'));
  try {
    const { stdout } = await run('--list');
    const names = stdout.trim().split('\n');
    expect(readdirSync(checkedIn)).toEqual(names.map((name) => `${name}.json`).sort());
    await run('--out', fresh, ...(process.env.GOLDEN === 'all' ? names : sample));
    for (const file of readdirSync(fresh)) expectClose(read(fresh, file), read(checkedIn, file), file);
  } finally {
    rmSync(fresh, { recursive: true });
  }
});

const read = (folder: string, file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));

/** Equal, but for numbers in their ninth digit: another processor rounds otherwise. */
function expectClose(actual: unknown, expected: unknown, path: string): void {
  if (typeof expected === 'number') {
    const tolerance = 1e-8 * Math.abs(expected) + 1e-12;
    expect(Math.abs((actual as number) - expected), path).toBeLessThanOrEqual(tolerance);
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(actual as object), path).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) {
      expectClose((actual as Record<string, unknown>)[key], value, `${path}/${key}`);
    }
  } else {
    expect(actual, path).toBe(expected);
  }
}
