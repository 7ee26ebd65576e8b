import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Mode, Objective } from '../../src/core/objective.js';
import type { Points } from '../../src/core/watching.js';
import { type ConfidenceOptions, confidence } from '../../src/metrics/confidence.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { stepOf } from '../conformance/stepOf.js';
import { testProbe } from '../conformance/testProbe.js';
import { confidenceGoldens } from '../reference/confidence.js';
import type { Values } from '../reference/readGolden.js';

testProbe({
  name: 'confidence of a network in itself',
  make: (_, { objective, expected }) => {
    const [z] = objective.outputs!();
    const teacher = () => tf.tensor([...expected.outputs], z!.shape);
    z!.dispose();
    return confidence({ teacher, on: objective.batch! });
  },
  networks: ['linear-softmax', 'mlp-tanh', 'conv-max-pool'],
  expected: () =>
    [
      { name: 'confidence.slope', value: 1 },
      { name: 'confidence.intercept', value: 0 },
      { name: 'confidence.low_deviation', value: 0 },
      { name: 'confidence.high_deviation', value: 0 },
      { name: 'confidence.agreement', value: 1 },
      { name: 'confidence.total_variation', value: 0 },
      { name: 'confidence.clipped_share', value: 0 },
    ].map((reading) => ({ ...reading, attributes: { network: 'student', mode: 'inference' } })),
  tolerance: 1e-5,
  conditional: false,
});

beforeAll(() => tf.setBackend('cpu'));

const { teacher, student, expected } = confidenceGoldens.plain;
const tensor = ({ shape, values }: Values) => tf.tensor(values, shape);
const setOf = (examples: number) => ({ x: tf.zeros([examples, 1]), y: tf.zeros([examples, 1]) });
const on = setOf(40);
const outputs = () => [tensor(student)];
const taught = () => tensor(teacher);

/** A loop whose network puts out the logits given, on whatever batch and in either mode. */
function loopOf(outputs: (mode: Mode) => tf.Tensor[], mode: Mode = 'training'): Objective {
  return {
    ...objectiveOf([], () => tf.scalar(0)),
    outputs: () => outputs(mode),
    mode,
    withBatch: () => loopOf(outputs, mode),
    withMode: (mode) => loopOf(outputs, mode),
  };
}

const stepWith = (outputs: (mode: Mode) => tf.Tensor[]) => stepOf(loopOf(outputs)).step;
const measure = (options: Partial<ConfidenceOptions> = {}, step = stepWith(outputs)) =>
  confidence({ teacher: taught, on, ...options }).measure(step);

test.each([
  ['confidence.slope', expected.slope],
  ['confidence.intercept', expected.intercept],
  ['confidence.low_below_share', expected.lowBelowShare],
  ['confidence.low_deviation', expected.lowDeviation],
  ['confidence.high_deviation', expected.highDeviation],
  ['confidence.agreement', expected.agreement],
  ['confidence.total_variation', expected.totalVariation],
  ['confidence.clipped_share', expected.clippedShare],
])('confidence reads %s as the reference does', (name, value) => {
  expect(measure().find((reading) => reading.name === name)!.value).toBeCloseTo(value, 6);
});

test('confidence asks the teacher once, at the first measurement, about the fixed set', () => {
  const asked = vi.fn(taught);
  const probe = confidence({ teacher: asked, on });
  expect(asked).not.toHaveBeenCalled();
  const [first, second] = [probe.measure(stepWith(outputs)), probe.measure(stepWith(outputs))];
  expect(asked.mock.calls).toEqual([[on.x]]);
  expect(second).toEqual(first);
});

test('confidence measures the student in inference mode unless asked for training mode', () => {
  const byMode = (mode: Mode) => [mode === 'training' ? tf.zeros([40, 5]) : tensor(student)];
  const [inference] = measure({}, stepWith(byMode));
  expect(inference!.value).toBeCloseTo(expected.slope, 6);
  expect(inference!.attributes).toEqual({ network: 'student', mode: 'inference' });
  const [training] = measure({ mode: 'training' }, stepWith(byMode));
  expect(training!.value).toBeCloseTo(0, 12);
  expect(training!.attributes).toEqual({ network: 'student', mode: 'training' });
});

test('confidence measures a control beside the student, each time', () => {
  const control = vi.fn(taught);
  const probe = confidence({ teacher: taught, on, control, scatter: false });
  const slopes = () => probe.measure(stepWith(outputs)).filter(({ name }) => name === 'confidence.slope');
  const [student, beside] = slopes();
  expect(student!.attributes!.network).toBe('student');
  expect(beside!.attributes!.network).toBe('control');
  expect(beside!.value).toBeCloseTo(1, 6);
  slopes();
  expect(control).toHaveBeenCalledTimes(2);
});

describe('the scatter of confidence', () => {
  const scatter = (options?: Partial<ConfidenceOptions>, step = stepWith(outputs)) =>
    measure(options, step).find(({ name }) => name === 'confidence.scatter')?.value as Points | undefined;

  test('holds the log-odds of teacher and student', () => {
    const { x, y } = scatter()!;
    x.forEach((v, i) => expect(v).toBeCloseTo(expected.x[i]!, 5));
    y.forEach((v, i) => expect(v).toBeCloseTo(expected.y[i]!, 5));
    expect(x).toHaveLength(40);
  });

  test('is thinned to at most 1,000 points', () => {
    const many = () => tf.tile(tf.tensor2d([[1, 0]]), [2500, 1]);
    const { x, y } = scatter(
      { teacher: many, on: setOf(2500) },
      stepWith(() => [many()]),
    )!;
    expect([x.length, y.length]).toEqual([834, 834]);
  });

  test('is left out where it is not wanted', () => {
    expect(scatter({ scatter: false })).toBeUndefined();
    const { measures } = confidence({ teacher: taught, on, scatter: false });
    expect(measures.map(({ name }) => name)).not.toContain('confidence.scatter');
  });
});

test('confidence takes the output asked for', () => {
  const two = () => [tf.zeros([40, 5]), tensor(student)];
  const [slope] = measure({ teacher: () => [tf.zeros([40, 5]), tensor(teacher)], output: 1 }, stepWith(two));
  expect(slope!.value).toBeCloseTo(expected.slope, 6);
  expect(() => measure({ output: 1 })).toThrow('output must be below 1 for the teacher, got 1');
});

test('confidence refuses a teacher whose logits have another shape than the student\u2019s', () => {
  expect(() => measure({ teacher: () => tf.zeros([40, 3]) })).toThrow(
    "the teacher's logits must be of the shape of the student's, [40, 5], got [40, 3]",
  );
});

test('confidence on a loop without outputs says what to do', () => {
  const blind: Objective = { ...objectiveOf([], () => tf.scalar(0)), withBatch: () => blind };
  const { step } = stepOf(blind);
  expect(() => measure({}, step)).toThrow('confidence: the objective must have outputs');
  expect(confidence({ teacher: taught, on }).needs).toEqual({ outputs: true, batch: true });
});

test('confidence refuses options that make no sense, with their value', () => {
  const make = (options: object) => () => confidence({ teacher: taught, on, ...options });
  expect(make({ teacher: 3 })).toThrow('confidence: teacher must be a function, such as logits(model) gives, got 3');
  expect(() => confidence(undefined as never)).toThrow('confidence: teacher must be a function');
  expect(make({ control: 'model' })).toThrow('confidence: control must be a function, got model');
  expect(make({ on: undefined })).toThrow('confidence: on must be { x, y } of tensors, got undefined');
  expect(make({ on: setOf(3) })).toThrow('confidence: on must hold at least 4 examples, got 3');
  expect(make({ output: -1 })).toThrow('confidence: output must be a whole number >= 0, got -1');
  expect(make({ mode: 'eval' })).toThrow("mode must be 'training' or 'inference', got eval");
});
