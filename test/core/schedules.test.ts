import { expect, test } from 'vitest';
import { all } from '../../src/core/all.js';
import { between } from '../../src/core/between.js';
import { budget } from '../../src/core/budget.js';
import { every } from '../../src/core/every.js';
import { logSpaced } from '../../src/core/logSpaced.js';
import type { Schedule } from '../../src/core/watching.js';

const dueWithin = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => step).filter((step) => schedule.due(step));

test('logSpaced is due at the steps nearest to even spacing on a logarithmic axis', () => {
  expect(dueWithin(logSpaced(1), 10_001)).toEqual([0, 1, 10, 100, 1000, 10_000]);
  expect(dueWithin(logSpaced(4), 120)).toEqual([0, 1, 2, 3, 6, 10, 18, 32, 56, 100]);
});

test('logSpaced misses none of its steps, however dense', () => {
  const perDecade = 97;
  const wanted = new Set(Array.from({ length: 3 * perDecade + 1 }, (_, k) => Math.round(10 ** (k / perDecade))));
  expect(dueWithin(logSpaced(perDecade), 1001)).toEqual([0, ...wanted]);
});

test.each([0, -1, 1.5, Number.NaN])('logSpaced refuses %s a decade', (n) => {
  expect(() => logSpaced(n)).toThrow(`logSpaced: perDecade must be a whole number >= 1, got ${n}`);
});

test('all is due when every schedule is, and asks each at every step', () => {
  expect(dueWithin(all(every(2), every(3)), 13)).toEqual([0, 6, 12]);
  const asked: number[] = [];
  const counting: Schedule = {
    due(step) {
      asked.push(step);
      return true;
    },
  };
  dueWithin(all(every(5), counting), 3);
  expect(asked).toEqual([0, 1, 2]);
});

test('all charges those that keep account, and is itself charged only then', () => {
  const charged: number[] = [];
  const counting: Schedule = { due: () => true, spent: (ms) => void charged.push(ms) };
  all(every(2), counting, counting).spent!(7);
  expect(charged).toEqual([7, 7]);
  expect(all(every(2)).spent).toBeUndefined();
});

test('between is due from one step on, up to another', () => {
  expect(dueWithin(between(2, 5), 10)).toEqual([2, 3, 4]);
  expect(dueWithin(between(7), 10)).toEqual([7, 8, 9]);
  expect(dueWithin(all(between(4), every(3)), 13)).toEqual([6, 9, 12]);
});

test.each([
  [3, 3],
  [5, 2],
  [0, Number.NaN],
])('between refuses to be from %s to %s, which is never', (from, to) => {
  expect(() => between(from, to)).toThrow(`between: to must be above from, or it is never due; got ${from} to ${to}`);
});

test.each([-1, 1.5, Number.NaN])('between refuses to begin at %s', (from) => {
  expect(() => between(from)).toThrow(`between: from must be a whole number >= 0, got ${from}`);
});

test('schedules tell the first step at which they are due, where it depends on the step alone', () => {
  expect([every(5), logSpaced(2), between(3), all(every(5), between(6))].map(({ first }) => first)).toEqual([
    0, 0, 3, 10,
  ]);
  expect([budget(0.1), all(every(2), budget(0.1)), { due: () => true }].map(({ first }: Schedule) => first)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('all refuses schedules that are never due together', () => {
  const never = (from: number) =>
    `all: the schedules must be due together, and are not at any of the 1000000 steps from ${from} on`;
  expect(() => all(every(10), between(1, 10))).toThrow(never(1));
  expect(() => all(between(0, 5), between(5))).toThrow(never(5));
  // No power of ten is a multiple of seven.
  expect(() => all(every(7), logSpaced(1), between(1))).toThrow(never(1));
  expect(all(every(7), between(3_000_000)).first).toBe(3_000_004);
});

test('all does not ask ahead of time what may depend on more than the step', () => {
  const due = () => {
    throw new Error('asked');
  };
  expect(all(between(0, 5), { due }).first).toBeUndefined();
});

test('all refuses to be of nothing', () => {
  expect(() => all()).toThrow('all: must be given at least one schedule, got none');
});

test('budget measures at once, then when the measurements so far and the next one are paid for', () => {
  const schedule = budget(0.1);
  const due: number[] = [];
  for (let now = 1000; now < 1400; now++) {
    if (!schedule.due(now, now)) continue;
    due.push(now - 1000);
    schedule.spent!(10);
  }
  // 10 ms each: the n-th may begin when n · 10 ms are a tenth of the time.
  expect(due).toEqual([0, 200, 300]);
});

test('budget refuses to be asked without a clock', () => {
  expect(() => budget(0.1).due(0)).toThrow('budget: needs a clock');
});

test.each([0, 1, -0.1, 5, Number.NaN])('budget refuses a share of %s', (share) => {
  expect(() => budget(share)).toThrow(`budget: share must be between 0 and 1, both excluded, got ${share}`);
});
