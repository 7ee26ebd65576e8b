import { version_core } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { findNative } from '../adapters/backends/native/provisioned.js';
import { bundleSpecs } from './bundleSpecs.js';
import known from './knownFailures.json' with { type: 'json' };
import { type Outcome, runSpecs, type Setting } from './runSpecs.js';

/** Of tfjs-core 4.22.0, but for five that its authors have switched off. Fewer would be a loss. */
const SPECS = 4225;

const TIMEOUT = 240_000;

let program: string;
beforeAll(async () => {
  program = await bundleSpecs();
});

/** The names of the specs that pass and of those that fail. */
async function run(setting: Setting): Promise<{ passed: string[]; failed: string[] }> {
  const outcomes = await runSpecs(program, setting);
  const ended = (status: Outcome['status']): string[] =>
    outcomes.filter((outcome) => outcome.status === status).map(({ spec }) => spec);
  const [passed, failed] = [ended('passed'), ended('failed')];
  console.log(`specs of tfjs-core ${version_core} on ${setting}: ${passed.length} passed, ${failed.length} failed`);
  expect(passed.length + failed.length).toBe(SPECS);
  // Several may have one name, which passes if all of them do.
  return { passed: without(passed, failed), failed: [...new Set(failed)].sort() };
}

const without = (names: readonly string[], others: readonly string[]): string[] => {
  const left = new Set(others);
  return names.filter((name) => !left.has(name));
};

describe.skipIf(!findNative())('on the provisioned TensorFlow', () => {
  test('all specs of tfjs pass but those that are known to fail, and these do fail', { timeout: TIMEOUT }, async () => {
    const { failed } = await run('tensorflow');
    expect(failed).toEqual(known.flatMap(({ specs }) => specs).sort());
  });
});

describe('on wasm, repaired', () => {
  /**
   * It takes windows that reach beyond the edge for whole ones in the gradient, and not in the forward pass. Of those
   * over the first place, two hold 4 and 6 elements and get 3 and 6: dX there is 3/4 + 6/6, and the spec wants 1.
   */
  const WRONG = ['avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit'];

  /** What the repair brings gradients of, but for the data format that tfjs-wasm has not. */
  const TRAINS = /^(conv1d|conv2d|conv2dTranspose|depthwiseConv2d gradients|gather|unsortedSegmentSum) (?!.*NCHW)/;

  test('all specs pass that pass in stock, but one that wants a wrong gradient', { timeout: TIMEOUT }, async () => {
    const [stock, repaired] = [await run('wasm'), await run('repaired wasm')];
    expect(without(stock.passed, repaired.passed)).toEqual(WRONG);
    expect(stock.failed.filter((spec) => TRAINS.test(spec)).length).toBeGreaterThan(0);
    expect(repaired.failed.filter((spec) => TRAINS.test(spec))).toEqual([]);
  });
});
