import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { instrument } from '../../adapters/tfjs/index.js';
import { compose } from '../../src/core/compose.js';
import { gradient } from '../../src/core/gradient.js';
import { innermost } from '../../src/core/innermost.js';
import { openLedger } from '../../src/core/ledger.js';
import type { Batch, GradientFn, Objective } from '../../src/core/objective.js';
import { accumulate } from '../../src/interventions/accumulate.js';
import { sam } from '../../src/interventions/sam.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';

testIntervention({ name: 'accumulate', make: () => accumulate(4), zero: () => accumulate(1), calls: 4 });

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** The logits xW of a batch of 7 under softmax cross-entropy, on whatever batch it is asked for. */
function linearSoftmax(): { objective: Objective; x: tf.Tensor2D; y: tf.Tensor2D; w: tf.Variable } {
  const x = tf.randomNormal([7, 4], 0, 1, 'float32', 1) as tf.Tensor2D;
  const y = tf.oneHot([0, 1, 2, 0, 1, 2, 0], 3) as tf.Tensor2D;
  const w = tf.variable(tf.randomNormal([4, 3], 0, 1, 'float32', 2));
  return { objective: on({ x, y }, w), x, y, w };
}

function on(batch: Batch, w: tf.Variable): Objective {
  const loss = () =>
    tf.losses.softmaxCrossEntropy(batch.y as tf.Tensor, tf.matMul(batch.x as tf.Tensor, w as unknown as tf.Tensor2D));
  return { ...objectiveOf([w], loss), batch, withBatch: (other) => on(other, w) };
}

const close = (actual: tf.Tensor | undefined, expected: tf.Tensor | undefined): void =>
  numbers(actual).forEach((a, i) => expect(a).toBeCloseTo(numbers(expected)[i]!, 6));

test.each([2, 3, 7, 20])('accumulate(%s) of a batch of 7 gives the loss and the gradient of the whole', (n) => {
  const { objective, w } = linearSoftmax();
  const whole = gradient(objective);
  const { loss, grads } = accumulate(n)(gradient)(objective);
  close(loss, whole.loss);
  close(grads[w.name], whole.grads[w.name]);
});

test('accumulate cuts the batch, its weights and lists of inputs, into parts as equal as can be', () => {
  const seen: Batch[] = [];
  const w = tf.variable(tf.scalar(1));
  const of = (batch: Batch): Objective => ({
    ...objectiveOf([w], () => w),
    batch,
    withBatch(other) {
      seen.push(other);
      return of(other);
    },
  });
  const [x, y] = [tf.range(0, 5), tf.range(10, 15)];
  accumulate(2)(gradient)(of({ x: [x, y], y, weights: [undefined, x] }));
  const rows = (t: unknown): number[] => numbers(t as tf.Tensor);
  expect(seen.map(({ x, y, weights }) => [(x as tf.Tensor[]).map(rows), rows(y), weights!.map((w) => w && rows(w))])).toEqual([
    [[[0, 1], [10, 11]], [10, 11], [undefined, [0, 1]]],
    [[[2, 3, 4], [12, 13, 14]], [12, 13, 14], [undefined, [2, 3, 4]]],
  ]); // biome-ignore format: a table
});

test('accumulate inside of sam is sam; outside of it, each part is perturbed by itself', () => {
  const { objective, x, y, w } = linearSoftmax();
  const whole = sam({ rho: 0.5 })(gradient)(objective).grads[w.name]!;
  close(compose(sam({ rho: 0.5 }), accumulate(3))(gradient)(objective).grads[w.name], whole);

  const part = (begin: number, size: number): tf.Tensor =>
    sam({ rho: 0.5 })(gradient)(on({ x: tf.slice(x, begin, size), y: tf.slice(y, begin, size) }, w)).grads[w.name]!;
  const mean = tf.div(tf.add(tf.mul(3, part(0, 3)), tf.mul(4, part(3, 4))), 7);
  const each = compose(accumulate(2), sam({ rho: 0.5 }))(gradient)(objective);
  close(each.grads[w.name], mean);
  expect(tf.max(tf.abs(tf.sub(mean, whole))).dataSync()[0]).toBeGreaterThan(1e-3);
});

test('accumulate averages what its parts report', () => {
  const { objective } = linearSoftmax();
  const { report } = compose(accumulate(7), sam({ rho: 0.5 }))(gradient)(objective);
  expect(report!['sam.rho']!()).toBe(0.5);
  expect(report!['sam.active_steps']!()).toBe(1);
  expect(report!['sam.ascent_norm']!()).toBeCloseTo(0.5, 5);
});

test('accumulate passes the whole batch forward once a step, without a tape', () => {
  const { objective } = linearSoftmax();
  const depths: number[] = [];
  const loss = () => {
    depths.push(tf.engine().state.gradientDepth);
    return objective.loss();
  };
  const step = compose(sam({ ascendPenalty: true }), accumulate(3))(gradient);
  for (const i of [0, 1]) step({ ...objective, loss, step: i });
  expect(depths).toEqual([0, 0]);
});

test('accumulate counts parts of a batch as parts of a gradient', () => {
  const { objective } = linearSoftmax();
  const ledger = openLedger(
    () => 0,
    () => {},
  );
  accumulate(3)(innermost(objective, gradient, ledger).gradient)(objective);
  expect(ledger.evaluations()).toBeCloseTo(1, 12);
});

test('accumulate holds no more gradients for more parts', () => {
  const { objective } = linearSoftmax();
  const held: number[] = [];
  const watching: GradientFn = (part) => {
    held.push(tf.memory().numTensors);
    return gradient(part);
  };
  accumulate(7)(watching)(objective);
  // All parts are cut beforehand; from the second on there is one sum of loss and gradient, and the loss of each part.
  const growth = held.slice(2).map((tensors, i) => tensors - held[i + 1]!);
  expect(growth).toEqual(Array(5).fill(1));
});

test('accumulate in a loop by hand trains as the whole batch does', async () => {
  const ends = [];
  for (const interventions of [[], [accumulate(3)], [sam({ rho: 0.1 }), accumulate(2)], [sam({ rho: 0.1 })]]) {
    const { objective, w } = linearSoftmax();
    const run = instrument(tf.train.momentum(0.5, 0.9), { interventions, offers: ['batch'] });
    for (let i = 0; i < 3; i++) run.minimize(objective).dispose();
    await run.stop();
    ends.push(tf.clone(w));
  }
  const [plain, parts, samParts, samWhole] = ends;
  close(parts, plain);
  close(samParts, samWhole);
});

test('accumulate needs a batch that can be exchanged', () => {
  expect(accumulate(2).needs).toEqual({ batch: true });
  const w = tf.variable(tf.scalar(1));
  const message = 'accumulate: the objective must have batch and withBatch; give them to minimize';
  expect(() => accumulate(2)(gradient)(objectiveOf([w], () => w))).toThrow(message);
});

test.each([0, -1, 1.5, NaN])('accumulate refuses n = %s', (n) => {
  expect(() => accumulate(n)).toThrow(`accumulate: n must be a whole number >= 1, got ${n}`);
});
