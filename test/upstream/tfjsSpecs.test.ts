import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { device, findNative } from '../adapters/backends/native/provisioned.js';
import { bundleSpecs } from './bundleSpecs.js';
import known from './knownFailures.json' with { type: 'json' };
import { type Outcome, runSpecs, type Specs } from './runSpecs.js';

/** How many there are in tfjs 4.22.0, but for five that its authors have switched off. Fewer would be a loss. */
const COUNTS = { 'tfjs-core': 4225, 'tfjs-node': 109 };

const TIMEOUT = 240_000;

let program: string;
beforeAll(async () => {
  program = await bundleSpecs();
}, TIMEOUT);

/** What failed, and the names of what passed. Several specs may have one name, which passes if all of them do. */
async function run(specs: Specs): Promise<{ passed: string[]; failed: Outcome[] }> {
  const outcomes = await runSpecs(program, specs);
  const passed = outcomes.filter(({ status }) => status === 'passed');
  const failed = outcomes.filter(({ status }) => status === 'failed');
  console.log(`specs of ${specs}: ${passed.length} passed, ${failed.length} failed`);
  expect(passed.length + failed.length).toBe(COUNTS[specs.split(' ')[0] as keyof typeof COUNTS]);
  return { failed, passed: without(names(passed), names(failed)) };
}

const names = (outcomes: readonly Outcome[]): string[] => outcomes.map(({ spec }) => spec);

const without = (some: readonly string[], others: readonly string[]): string[] => {
  const left = new Set(others);
  return some.filter((name) => !left.has(name));
};

describe.skipIf(!findNative())('on the provisioned TensorFlow', () => {
  const here = (known as readonly { specs: string[]; device?: string }[]).filter(
    (group) => (group.device ?? device) === device,
  );
  const listed = here.flatMap(({ specs }) => specs);
  /** tfjs-node refuses dilations by the name of its package, which for a GPU is another. */
  const ofProcessors = 'conv3d dilations CPU should throw error on dilations >1';

  test('all specs of tfjs pass but those that are known to fail, and these do fail', { timeout: TIMEOUT }, async () => {
    const { failed } = await run('tfjs-core on tensorflow');
    expect(failed.filter(({ spec }) => !listed.includes(spec))).toEqual([]);
    expect(without(listed, names(failed))).toEqual([]);
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const [all, ofNode] = [COUNTS['tfjs-core'], COUNTS['tfjs-node']];
    const grouped = (count: number): string => count.toLocaleString('en');
    const passing = `${grouped(all - failed.length)} of ${grouped(all)}`;
    expect(readme).toContain(device === 'gpu' ? passing : `${passing} pass on it, and ${ofNode} of tfjs-node`);
  });

  test('all specs of tfjs-node pass that need no files', { timeout: TIMEOUT }, async () => {
    const { passed, failed } = await run('tfjs-node on tensorflow');
    expect(names(failed)).toEqual(device === 'gpu' ? [ofProcessors] : []);
    expect(passed).toContain('tensorboard SummaryFileWriter.histogram Create summaryFileWriter and write tensor');
  });
});

describe('on wasm, repaired', () => {
  /**
   * It takes windows that reach beyond the edge for whole ones in the gradient, and not in the forward pass. Of those
   * over the second element, one of 4 elements gets 3 and one of 6 gets 6, the others 0: dX is 3/4 + 6/6, not 1.
   */
  const WRONG = ['avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit'];

  /** What the repair brings gradients of, but for the data format that tfjs-wasm has not. */
  const TRAINS = /^(conv1d|conv2d|conv2dTranspose|depthwiseConv2d gradients|gather|unsortedSegmentSum) (?!.*NCHW)/;
  const training = (outcomes: readonly Outcome[]): Outcome[] => outcomes.filter(({ spec }) => TRAINS.test(spec));

  test('all specs pass that pass in stock, but one that wants a wrong gradient', { timeout: TIMEOUT }, async () => {
    const stock = await run('tfjs-core on wasm');
    const repaired = await run('tfjs-core on repaired wasm');
    expect(without(stock.passed, repaired.passed)).toEqual(WRONG);
    expect(training(stock.failed).length).toBeGreaterThan(0);
    expect(training(repaired.failed)).toEqual([]);
  });
});
