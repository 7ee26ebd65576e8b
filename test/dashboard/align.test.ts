import { expect, test } from 'vitest';
import { align } from '../../dashboard/chart/align.js';
import { append, createColumn } from '../../dashboard/data/column.js';

function column(...pairs: [step: number, value: number, error?: number][]) {
  const made = createColumn(1024);
  for (const [step, value, error] of pairs) append(made, step, value, error);
  return made;
}

test('streams measured at different steps share one axis, and a step without a value is no gap', () => {
  const { steps, values } = align([column([0, 1], [1, 2], [2, 3]), column([0, 5], [2, 6])], 0, 2, 100);
  expect(steps).toEqual([0, 1, 2]);
  expect(values).toEqual([
    [1, 2, 3],
    [5, undefined, 6],
  ]);
});

test('a value that is not finite is a gap in its own line only', () => {
  const { steps, values } = align([column([0, 1], [1, Number.NaN], [2, 3]), column([0, 5], [2, 6])], 0, 2, 100);
  expect(steps).toEqual([0, 1, 2]);
  expect(values[0]).toEqual([1, null, 3]);
  expect(values[1]).toEqual([5, undefined, 6]);
});

test('a zoomed chart gets one point more at either side, so that its lines run to the edge', () => {
  const every = Array.from({ length: 100 }, (_, step): [number, number] => [step, step]);
  expect(align([column(...every)], 10.5, 12.5, 100).steps).toEqual([10, 11, 12, 13]);
  expect(align([column(...every)], 10, 12, 100).steps).toEqual([9, 10, 11, 12, 13]);
});

test('the ends of the values include one standard error', () => {
  expect(align([column([0, 1, 0.5], [1, 2, 0.25])], 0, 1, 100)).toMatchObject({ least: 0.5, greatest: 2.25 });
});

test('a spike is drawn on few pixels too', () => {
  const many = column(...Array.from({ length: 1000 }, (_, s): [number, number] => [s, s === 437 ? 50 : Math.sin(s)]));
  const { steps, values } = align([many], 0, 999, 20);
  expect(steps.length).toBeLessThan(50);
  expect(values[0]![steps.indexOf(437)]).toBe(50);
});
