import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = join(import.meta.dirname, 'endurance.mjs');
const [STEPS, MARKS] = [10_000, 50];

interface Sample {
  readonly step: number;
  readonly tensors: number;
  readonly heap: number;
}

interface Training {
  readonly samples: readonly Sample[];
  readonly failures: number;
  readonly measured: number;
}

async function train(how: 'watched' | 'untouched'): Promise<Training> {
  const args = ['--expose-gc', program, `${STEPS}`, `${MARKS}`, how];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}

test('in 10,000 steps with everything on, tensors stay, and the heap grows no more than without us', async () => {
  const [untouched, watched] = await Promise.all([train('untouched'), train('watched')]);
  expect(watched.failures).toBe(0);
  expect(watched.measured).toBeGreaterThan(10 * STEPS);
  expect(new Set(watched.samples.map(({ tensors }) => tensors)).size).toBe(1);
  // tfjs itself grows by some 30 bytes a step. One measurement kept at each step, the least of what a leak of ours would
  // keep, would be more than 100.
  expect(slope(watched.samples) - slope(untouched.samples)).toBeLessThan(64);
}, 600_000);

/**
 * Bytes of heap a step, by least squares, since a single reading jumps by some 100 kB. The first fifth of the steps is left
 * out: it fills what is bounded, such as the sink, the caches of tfjs and compiled code.
 */
function slope(all: readonly Sample[]): number {
  const samples = all.slice(MARKS / 5);
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, s) => sum + of(s), 0) / samples.length;
  const [step, heap] = [mean((s) => s.step), mean((s) => s.heap)];
  return mean((s) => (s.step - step) * (s.heap - heap)) / mean((s) => (s.step - step) ** 2);
}
