import { describe, expect, test } from 'vitest';
import type { RowMajor } from '../../src/linalg/rowMajor.js';
import { confidenceDeviation } from '../../src/metrics/confidenceDeviation.js';
import { confidenceGoldens } from '../reference/confidence.js';
import type { Values } from '../reference/readGolden.js';

const matrix = ({ shape: [rows, columns], values }: Values): RowMajor => ({
  rows: rows!,
  columns: columns!,
  values: Float64Array.from(values),
});
const rows = (...logits: readonly (readonly number[])[]): RowMajor => ({
  rows: logits.length,
  columns: logits[0]!.length,
  values: Float64Array.from(logits.flat()),
});

describe.each(Object.entries(confidenceGoldens))('confidenceDeviation of %s logits', (_, golden) => {
  const { points, ...found } = confidenceDeviation(matrix(golden.teacher), matrix(golden.student));
  const { x, y, ...expected } = golden.expected;

  test('equals the reference in every number', () => {
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(expected).toSorted());
    for (const [name, value] of Object.entries(expected)) {
      expect(found[name as keyof typeof found], name).toBeCloseTo(value, 7);
    }
  });

  test('equals the reference in every point', () => {
    points.x.forEach((v, i) => expect(v).toBeCloseTo(x[i]!, 7));
    points.y.forEach((v, i) => expect(v).toBeCloseTo(y[i]!, 7));
    expect(points.x).toHaveLength(x.length);
  });
});

test('confidenceDeviation of two classes has the difference of the logits for log-odds, and their factor for slope', () => {
  const teacher = rows([1, 0], [2, -1], [0, 4], [1, 2]);
  const student = rows([1.5, 0], [3, -1.5], [0, 6], [1, 2.5]);
  const { slope, intercept, points, agreement, lowBelowShare, highDeviation } = confidenceDeviation(teacher, student);
  [1, 3, 4, 1].forEach((v, i) => expect(points.x[i]).toBeCloseTo(v, 12));
  expect(slope).toBeCloseTo(1.5, 12);
  expect(intercept).toBeCloseTo(0, 12);
  expect(highDeviation).toBeCloseTo(2, 12);
  expect(agreement).toBe(1);
  expect(lowBelowShare).toBe(0);
});

test('confidenceDeviation takes a single logit for that of the first of two classes', () => {
  const one = confidenceDeviation(rows([1], [-2], [0.5], [3]), rows([2], [1], [-0.5], [4]));
  const two = confidenceDeviation(rows([1, 0], [-2, 0], [0.5, 0], [3, 0]), rows([2, 0], [1, 0], [-0.5, 0], [4, 0]));
  expect(one).toEqual(two);
  expect(one.points.y[1]).toBeCloseTo(-1, 12);
});

test('confidenceDeviation of a student that is its teacher is nil', () => {
  const logits = rows([1, 0, 2], [2, -1, 0], [0, 4, 1], [1, 2, 0]);
  const found = confidenceDeviation(logits, logits);
  expect(found).toMatchObject({ lowDeviation: 0, highDeviation: 0, lowBelowShare: 0, agreement: 1, totalVariation: 0 });
  expect(found.slope).toBeCloseTo(1, 12);
});

test('confidenceDeviation finds the quarter of highest confidence among saturated examples too', () => {
  const teacher = rows([40, 0], [30, 0], [20, 0], [50, 0]);
  const student = rows([1, 0], [2, 0], [3, 0], [4, 0]);
  const bound = Math.log((1 - 1e-6) / 1e-6);
  expect(confidenceDeviation(teacher, student).highDeviation).toBeCloseTo(4 - bound, 12);
  expect(confidenceDeviation(teacher, student).lowDeviation).toBeCloseTo(3 - bound, 12);
});

test('confidenceDeviation has no slope where the teacher is equally sure of everything', () => {
  const sure = rows(...Array.from({ length: 7 }, () => [100, 0]));
  const found = confidenceDeviation(sure, rows([1, 0], [2, 0], [0, 3], [0, 4], [5, 0], [6, 0], [7, 0]));
  expect(found.slope).toBeNaN();
  expect(found.clippedShare).toBe(1);
});
