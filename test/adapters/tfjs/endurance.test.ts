import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = join(import.meta.dirname, 'endurance.mjs');
const [STEPS, MARKS] = [10_000, 10];

interface Sample {
  readonly step: number;
  readonly tensors: number;
  readonly heap: number;
}

test('in 10,000 steps with everything on, tensors and heap stay where they are', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, `${STEPS}`, `${MARKS}`]);
  const { samples, failures, measured } = JSON.parse(stdout.split('\n').at(-2)!) as {
    samples: Sample[];
    failures: number;
    measured: number;
  };
  expect(failures).toBe(0);
  expect(measured).toBeGreaterThan(10 * STEPS);
  expect(new Set(samples.map(({ tensors }) => tensors)).size).toBe(1);
  // The first steps fill what is bounded: the sink, the caches of tfjs, compiled code. After them one measurement kept at
  // each step, the least of what a leak would keep, would be more than 100 bytes a step.
  expect(slope(samples.slice(2))).toBeLessThan(64);
}, 600_000);

/** Bytes of heap a step, by least squares, since a single reading jumps by some 100 kB. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number): number => samples.reduce((sum, s) => sum + of(s), 0) / samples.length;
  const [step, heap] = [mean((s) => s.step), mean((s) => s.heap)];
  return mean((s) => (s.step - step) * (s.heap - heap)) / mean((s) => (s.step - step) ** 2);
}
