import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { probeSet } from '../../src/metrics/probeSet.js';
import { numbers } from '../conformance/objectiveOf.js';

beforeAll(() => tf.setBackend('cpu'));

/** Example i is [i, −i], its target 10 i. */
const data = (rows: number) => {
  const i = tf.range(0, rows);
  return { x: tf.stack([i, tf.neg(i)], 1), y: tf.mul(i, 10) };
};

const chosen = (rows: number, examples: number, seed: number) =>
  numbers(probeSet(data(rows), { examples, seed }).y).map((y) => y / 10);

test('probeSet draws examples with their targets, each at most once, in the order of the data', () => {
  const { x, y } = probeSet(data(1000), { examples: 100, seed: 3 });
  const rows = numbers(y).map((y) => y / 10);
  expect(x.shape).toEqual([100, 2]);
  expect(numbers(x)).toEqual(rows.flatMap((i) => [i, i === 0 ? -0 : -i]));
  expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
});

test('probeSet draws the same examples for a seed, others for another, and all where it is asked for all', () => {
  expect(chosen(1000, 20, 1)).toEqual(chosen(1000, 20, 1));
  expect(chosen(1000, 20, 1)).not.toEqual(chosen(1000, 20, 2));
  expect(chosen(5, 5, 9)).toEqual([0, 1, 2, 3, 4]);
});

test('probeSet draws any set of examples as often as any other', () => {
  const counts = new Map<string, number>();
  const draws = 4000;
  for (let seed = 0; seed < draws; seed++) {
    const set = chosen(5, 2, seed).join();
    counts.set(set, (counts.get(set) ?? 0) + 1);
  }
  expect(counts.size).toBe(10);
  // 400 of each, give or take four standard deviations of 19.
  for (const count of counts.values())
    expect(Math.abs(count - draws / 10)).toBeLessThan(4 * Math.sqrt(draws * 0.1 * 0.9));
});

test('probeSet takes 512 by default, lists of inputs and targets, and the weights of examples', () => {
  const { x, y } = data(600);
  expect(probeSet({ x, y }).y.shape).toEqual([512]);
  const set = probeSet({ x: [x, y], y: [y, x], weights: [y, undefined] }, { examples: 3, seed: 4 });
  const [, first] = set.x;
  expect(numbers(set.weights[0])).toEqual(numbers(first));
  expect(set.weights[1]).toBeUndefined();
  expect(set.y.map(({ shape }) => shape)).toEqual([[3], [3, 2]]);
});

test('probeSet leaves the tensors of the set, and none besides', () => {
  const all = data(10);
  const before = tf.memory().numTensors;
  tf.dispose(probeSet(all, { examples: 4 }));
  expect(tf.memory().numTensors).toBe(before);
  expect(numbers(all.y)).toHaveLength(10);
});

test('probeSet refuses what it cannot draw from, with the value', () => {
  const all = data(10);
  expect(() => probeSet(all)).toThrow(
    'probeSet: examples must be a whole number from 1 to 10, got 512; data has no more',
  );
  for (const examples of [0, 2.5, NaN]) expect(() => probeSet(all, { examples })).toThrow(`got ${examples}`);
  expect(() => probeSet(all, { examples: 5, seed: 0.5 })).toThrow('probeSet: seed must be a whole number, got 0.5');
  expect(() => probeSet({ x: all.x } as never)).toThrow('probeSet: data must be { x, y } of tensors, got { x }');
  expect(() => probeSet(undefined as never)).toThrow('probeSet: data must be { x, y } of tensors, got undefined');
  expect(() => probeSet({ x: all.x, y: tf.zeros([9]) })).toThrow(
    'probeSet: data must hold equally many inputs and targets',
  );
});
