import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { compose } from '../../src/core/compose.js';
import { gradient } from '../../src/core/gradient.js';
import type { Objective } from '../../src/core/objective.js';
import { distillation } from '../../src/interventions/distillation.js';
import { sam } from '../../src/interventions/sam.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';
import { distillationGolden } from '../reference/distillation.js';
import type { Values } from '../reference/readGolden.js';

const constant = (x: tf.Tensor) => tf.tile([[0.5, -1, 0.25, 2]], [x.shape[0]!, 1]);

testIntervention({
  name: 'distillation',
  make: () => distillation({ teacher: (x) => constant(x as tf.Tensor), weight: 0.7 }),
  zero: () => distillation({ teacher: (x) => constant(x as tf.Tensor), weight: 0 }),
  calls: 1,
});

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const Z = [[1, -2, 0.5], [0, 3, -1]]; // biome-ignore format: rows of logits
const T = [[2, 0, -1], [1, 1, 4]]; // biome-ignore format: rows of logits
const Y = [[1, 0, 0], [0, 0, 1]]; // biome-ignore format: rows of labels

const softmax = (z: readonly number[], temperature = 1): number[] => {
  const exp = z.map((v) => Math.exp(v / temperature));
  return exp.map((e) => e / exp.reduce((a, b) => a + b));
};
const crossEntropy = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((sum, p, k) => sum - p * Math.log(q[k]!), 0);

/** The logits themselves are the parameters; the loss is softmax cross-entropy, the penalty their sum. */
function student(z: tf.Variable = tf.variable(tf.tensor2d(Z)), y = tf.tensor2d(Y)): Objective {
  const outputs = () => [tf.clone(z)];
  const outputLoss = ([z]: readonly tf.Tensor[]) => tf.losses.softmaxCrossEntropy(y, z!) as tf.Scalar;
  const penalty = () => tf.sum<tf.Scalar>(z);
  const loss = () => tf.add<tf.Scalar>(outputLoss(outputs()), penalty());
  return { step: 0, params: [z], outputs, outputLoss, penalty, loss, batch: { x: tf.zeros([2, 1]), y } };
}

test.each([0.3, 1])(
  'distillation adds τ² cross-entropy of softened distributions, penalty untouched: α = %s',
  (alpha) => {
    const tau = 4;
    const teacher = () => tf.tensor2d(T);
    const objective = student();
    const { loss, grads } = distillation({ teacher, temperature: tau, weight: alpha })(gradient)(objective);
    const rows = Z.map((z, i) => {
      const [p, q] = [softmax(T[i]!, tau), softmax(z, tau)];
      return {
        loss: (1 - alpha) * crossEntropy(Y[i]!, softmax(z)) + alpha * tau ** 2 * crossEntropy(p, q),
        grads: q.map((q, k) => (1 - alpha) * (softmax(z)[k]! - Y[i]![k]!) + alpha * tau * (q - p[k]!)),
      };
    });
    const mean = (rows[0]!.loss + rows[1]!.loss) / 2;
    expect(numbers(loss)[0]).toBeCloseTo(mean + Z.flat().reduce((a, b) => a + b), 5);
    const expected = rows.flatMap((row) => row.grads.map((g) => g / 2 + 1));
    numbers(Object.values(grads)[0]).forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 6));
  },
);

describe('distillation has the loss and the gradient of JAX at float64', () => {
  const { cases, ...logits } = distillationGolden;
  const tensor = ({ shape, values }: Values) => tf.tensor(values, shape);

  test.each(Object.entries(cases))('at %s', (_, { temperature, weight, loss, gradient: expected }) => {
    const z = tf.variable(tensor(logits.student));
    const { outputs, outputLoss, batch } = student(z, tensor(logits.labels) as tf.Tensor2D);
    const objective = { ...objectiveOf([z], () => outputLoss!(outputs!())), outputs, outputLoss, batch };
    const teacher = () => tensor(logits.teacher);
    const result = distillation({ teacher, temperature, weight })(gradient)(objective);
    expect(numbers(result.loss)[0]! / loss).toBeCloseTo(1, 6);
    numbers(result.grads[z.name]).forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 6));
  });
});

test('distillation takes a single logit for that of the first of two classes', () => {
  const z = tf.variable(tf.tensor2d([[0.4]]));
  const batch = { x: tf.zeros([1, 1]), y: tf.zeros([1, 1]) };
  const outputLoss = () => tf.scalar(0);
  const objective = { ...objectiveOf([z], () => z), outputs: () => [tf.clone(z)], outputLoss, batch };
  const teacher = () => tf.tensor2d([[-1]]);
  const { grads } = distillation({ teacher, temperature: 2, weight: 1 })(gradient)(objective);
  const sigmoid = (u: number): number => 1 / (1 + Math.exp(-u));
  expect(numbers(grads[z.name])[0]).toBeCloseTo(2 * (sigmoid(0.2) - sigmoid(-0.5)), 6);
});

test('distillation asks the teacher once a step, outside of the tape, and runs the student once a gradient', () => {
  const teacher = vi.fn(() => {
    expect(tf.engine().state.gradientDepth).toBe(0);
    return tf.tensor2d(T);
  });
  const outputs = vi.fn(student().outputs!);
  const objective = { ...student(), outputs };
  const step = compose(sam({ rho: 0.1, ascendPenalty: true }), distillation({ teacher }))(gradient);
  for (let i = 1; i <= 3; i++) {
    tf.tidy(() => void step({ ...objective, step: i }));
    expect(teacher).toHaveBeenCalledTimes(i);
    expect(outputs).toHaveBeenCalledTimes(2 * i);
  }
  expect(teacher).toHaveBeenLastCalledWith(objective.batch!.x);
});

test('distillation asks the teacher about the other batch where the objective moves to one', () => {
  const other = { x: tf.ones([2, 1]), y: tf.tensor2d(Y) };
  const objective: Objective = { ...student(), withBatch: (batch) => ({ ...student(), batch }) };
  const asked: unknown[] = [];
  const teacher = (x: unknown) => {
    asked.push(x);
    return tf.tensor2d(T);
  };
  distillation({ teacher })((o) => gradient(o.withBatch!(other)))(objective);
  expect(asked).toEqual([objective.batch!.x, other.x]);
});

test('distillation does not ask the teacher while its weight is 0', () => {
  const teacher = vi.fn(() => tf.tensor2d(T));
  distillation({ teacher, weight: () => 0 })(gradient)(student());
  expect(teacher).not.toHaveBeenCalled();
});

test('distillation refuses a teacher of another shape', () => {
  const step = distillation({ teacher: () => tf.zeros([2, 5]) })(gradient);
  expect(() => step(student())).toThrow(
    "distillation: the teacher's logits must be of the shape of the student's, [2,3], got [2,5]",
  );
});

test('distillation refuses an objective without outputs', () => {
  const w = tf.variable(tf.scalar(1));
  const step = distillation({ teacher: () => tf.zeros([2, 3]) })(gradient);
  expect(() => step(objectiveOf([w], () => w))).toThrow('the objective must have outputs and outputLoss');
});

test('distillation says what it needs of a loop', () => {
  expect(distillation({ teacher: () => tf.zeros([1, 1]) }).needs).toEqual({ outputs: true, batch: true });
});

test('distillation refuses options that make no sense, with their value', () => {
  const teacher = () => tf.zeros([2, 3]);
  for (const temperature of [0, -1, NaN, Infinity]) {
    const message = `distillation: temperature must be positive and finite, got ${temperature}`;
    expect(() => distillation({ teacher, temperature })).toThrow(message);
  }
  expect(() => distillation({ teacher, weight: -1 })).toThrow('distillation: weight must be >= 0, got -1');
  expect(() => distillation({ teacher, weight: NaN })).toThrow('distillation: weight must be >= 0, got NaN');
  expect(() => distillation({ teacher, weight: 1.5 })).toThrow('distillation: weight must be within 0…1, got 1.5');
  expect(() => distillation({ teacher, weight: () => 2 })(gradient)(student())).toThrow('within 0…1, got 2');
  for (const nothing of [undefined, { teacher: undefined }]) {
    expect(() => distillation(nothing as never)).toThrow(
      'distillation: teacher must be a function, such as logits(model) gives, got undefined',
    );
  }
});
