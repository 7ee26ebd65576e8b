import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { append, createColumn, valueAt } from '../../dashboard/data/column.js';

const stored = ({ steps, values, length }: ReturnType<typeof createColumn>) =>
  Array.from({ length }, (_, i) => [steps[i], values[i]]);

test('a long run keeps its spike, its first and its newest value in memory of fixed size', () => {
  const column = createColumn(64);
  for (let step = 0; step < 10_000; step++) append(column, step, step === 4321 ? 99 : step % 2);
  expect(column.steps.length).toBe(64);
  expect(valueAt(column, 4321)).toBe(99);
  expect(column.steps[0]).toBe(0);
  expect(column.steps[column.length - 1]).toBe(9999);
});

test('until it is full a column is a sorted map from steps to their latest values', () => {
  const writes = fc.array(fc.tuple(fc.nat(40), fc.integer()), { maxLength: 60 });
  fc.assert(
    fc.property(writes, (pairs) => {
      const column = createColumn(64);
      for (const [step, value] of pairs) append(column, step, value);
      expect(stored(column)).toEqual([...new Map(pairs)].sort(([a], [b]) => a - b));
    }),
  );
});

test('a column is no larger than what it holds needs, whatever it may come to hold', () => {
  const column = createColumn(8192);
  const sizes = Array.from({ length: 9000 }, (_, step) => {
    append(column, step, -step, step / 2);
    return column.steps.length;
  });
  expect(sizes[0]).toBe(64);
  expect(sizes.slice(64, 8192).every((size, i) => size <= 2 * (i + 65))).toBe(true);
  expect(Math.max(...sizes)).toBe(8192);
  const steps = [...column.steps.subarray(0, column.length)];
  expect([...column.values.subarray(0, column.length)]).toEqual(steps.map((step) => -step));
  expect([...column.errors.subarray(0, column.length)]).toEqual(steps.map((step) => step / 2));
});

test('a standard error stays beside its value when the column is thinned', () => {
  const column = createColumn(16);
  for (let step = 0; step < 100; step++) append(column, step, Math.sin(step), step / 10);
  for (let i = 0; i < column.length; i++) expect(column.errors[i]).toBe(column.steps[i]! / 10);
});

test('values that are not finite are counted and shown where they came, never stored among the others', () => {
  const column = createColumn(16);
  [1, Number.NaN, 2, Number.POSITIVE_INFINITY].forEach((value, step) => void append(column, step, value));
  expect(stored(column)).toEqual([
    [0, 1],
    [2, 2],
  ]);
  expect(column.nonFiniteCount).toBe(2);
  expect([0, 1, 2, 3].map((step) => valueAt(column, step))).toEqual([1, Number.NaN, 2, Number.POSITIVE_INFINITY]);
});

test('a value is read at or before a step, and there is none before the first', () => {
  const column = createColumn(16);
  append(column, 10, 1);
  append(column, 20, 2);
  expect([9, 10, 19, 20, Number.POSITIVE_INFINITY].map((step) => valueAt(column, step))).toEqual([
    undefined,
    1,
    1,
    2,
    2,
  ]);
});
