import * as tf from '@tensorflow/tfjs-core';
import { Subject } from 'rxjs';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { compose } from '../../src/core/compose.js';
import { gradient } from '../../src/core/gradient.js';
import type { GradientFn } from '../../src/core/objective.js';
import { accumulate } from '../../src/interventions/accumulate.js';
import { l2 } from '../../src/interventions/l2.js';
import { type LookSamOptions, lookSam } from '../../src/interventions/lookSam.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';
import { golden } from '../golden.js';
import { reported } from './reported.js';

// Of mlp-tanh it keeps a direction among six parameters.
testIntervention({
  name: 'lookSam',
  make: () => lookSam({ rho: 0.1 }),
  zero: () => lookSam({ rho: 0 }),
  calls: 2,
  keeps: 6,
});

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** ½ (u² + 4 v²) at (3, 1): g = (3, 4), and with ρ = 5 ε̂ = (3, 4), where the gradient is (6, 20). */
const bowl = (w: tf.Variable, step = 0) => objectiveOf([w], () => tf.mul(0.5, tf.mul([1, 4], tf.square(w))), step);
const at = [3, 1];

/** The directions across (3, 4), which is 5 long: (6, 20) − (98/25) (3, 4) is −7.2 of it. */
const across = [4 / 5, -3 / 5];

const started = (options: LookSamOptions = {}, next: GradientFn = gradient) => {
  const w = tf.variable(tf.tensor1d(at));
  const step = lookSam({ rho: 5, ...options })(next);
  return { w, step, gradientAt: (i: number) => step(bowl(w, i)), dispose: () => step.dispose!() };
};

test('lookSam adds the kept direction to the gradient of the steps between, α as long as that', () => {
  const { w, gradientAt, dispose } = started({ alpha: 0.5 });
  const ascended = gradientAt(0);
  numbers(ascended.grads[w.name]).forEach((g, i) => expect(g).toBeCloseTo([6, 20][i]!, 5));
  expect(reported(ascended, 'sam.orthogonal_norm')).toBeCloseTo(7.2, 5);
  w.assign(tf.tensor1d([0, 2]));
  const reused = gradientAt(1);
  // g = (0, 8), and (−0.8, 0.6) is where SAM turns.
  numbers(reused.grads[w.name]).forEach((g, i) => expect(g).toBeCloseTo([0, 8][i]! - 0.5 * 8 * across[i]!, 5));
  expect(reported(reused, 'sam.reused_norm')).toBeCloseTo(4, 5);
  dispose();
});

test('lookSam of interval 5 makes exactly two ascents in ten steps, and reuses more than nothing in the other eight', () => {
  const next = vi.fn(gradient);
  const { gradientAt, dispose } = started({ interval: 5 }, next);
  const calls: number[] = [];
  const reused: number[] = [];
  for (let i = 0; i < 10; i++) {
    const before = next.mock.calls.length;
    const result = gradientAt(i);
    calls.push(next.mock.calls.length - before);
    if ('sam.reused_norm' in result.report!) reused.push(reported(result, 'sam.reused_norm'));
    expect(reported(result, 'sam.active_steps')).toBe(i < 5 ? 1 : 2);
  }
  expect(calls).toEqual([2, 1, 1, 1, 1, 2, 1, 1, 1, 1]);
  expect(reused).toHaveLength(8);
  for (const norm of reused) expect(norm).toBeCloseTo(0.7 * 5, 5);
  dispose();
});

test('lookSam tells by zeros that there is nothing to reuse, and adds no rounding', () => {
  const w = tf.variable(tf.tensor1d([0.3, 0.7, -0.9]));
  const step = lookSam({ rho: 0.1 })(gradient);
  const round = (i: number) => step(objectiveOf([w], () => tf.mul(0.5, tf.square(w)), i));
  expect(reported(round(0), 'sam.orthogonal_norm')).toBe(0);
  const between = round(1);
  expect(reported(between, 'sam.reused_norm')).toBe(0);
  expect(numbers(between.grads[w.name])).toEqual(numbers(w));
  step.dispose!();
});

test('lookSam ascends as soon as ρ rises from 0, whatever step that is', () => {
  const { gradientAt, dispose } = started({ rho: (i) => (i < 3 ? 0 : 0.1), interval: 5 });
  const counts = [0, 1, 2, 3, 4, 7, 8].map((i) => reported(gradientAt(i), 'sam.active_steps'));
  expect(counts).toEqual([0, 0, 0, 1, 1, 1, 2]);
  dispose();
});

test('lookSam has the penalties of the loss in both of its gradients', () => {
  const w = tf.variable(tf.tensor1d(at));
  const step = compose(lookSam({ rho: 5, alpha: 1 }), l2(2))(gradient);
  // ∇ = (3 u, 6 v) is (9, 6) at w, so ε̂ is 5 along it.
  const far = [3 + 45 / Math.hypot(9, 6), 1 + 30 / Math.hypot(9, 6)];
  numbers(step(bowl(w)).grads[w.name]).forEach((g, i) => expect(g).toBeCloseTo([3, 6][i]! * far[i]!, 4));
  // Across (9, 6), towards v, which curves more; as long as the gradient itself.
  numbers(step(bowl(w, 1)).grads[w.name]).forEach((g, i) => expect(g).toBeCloseTo([9 - 6, 6 + 9][i]!, 4));
  step.dispose!();
});

test('lookSam ascends anew when other parameters train', () => {
  const next = vi.fn(gradient);
  const [u, w] = [tf.variable(tf.tensor1d(at)), tf.variable(tf.tensor1d([1, 2, 3]))];
  const step = lookSam()(next);
  step(bowl(u));
  step(objectiveOf([w], () => tf.square(w), 1));
  expect(next).toHaveBeenCalledTimes(4);
  step.dispose!();
});

test('lookSam goes on between two ascents with the direction it had, from its state', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const run = (from: number, to: number, step: GradientFn): number[][] =>
    Array.from({ length: to - from }, (_, i) => {
      const { grads } = step({ ...objective, step: from + i });
      return objective.params.flatMap(({ name }) => numbers(grads[name]));
    });
  const [straight, first, second] = [1, 2, 3].map(() => lookSam({ interval: 3 })(gradient)) as [
    GradientFn,
    GradientFn,
    GradientFn,
  ];
  const whole = run(0, 6, straight);
  run(0, 2, first);
  second.restore!(JSON.parse(JSON.stringify(first.state!())));
  expect(run(2, 6, second)).toEqual(whole.slice(2));
  for (const step of [straight, first, second]) step.dispose!();
  dispose();
});

test('lookSam refuses a second call in one step, as from accumulate around it, and takes one inside', () => {
  const { objective, dispose } = golden('mlp-tanh');
  const outside = compose(accumulate(2), lookSam())(gradient);
  expect(() => outside(objective)).toThrow(
    'lookSam: must be called once a step, got a second call in step 0; list accumulate after it',
  );
  const inside = compose(lookSam(), accumulate(2))(gradient);
  inside(objective);
  for (const step of [outside, inside]) step.dispose!();
  dispose();
});

test('lookSam may be asked again for a step that failed', () => {
  const failing = vi.fn(gradient).mockImplementationOnce(() => {
    throw new Error('once');
  });
  const { gradientAt, dispose } = started({}, failing);
  expect(() => gradientAt(0)).toThrow('once');
  gradientAt(0);
  dispose();
});

test('lookSam lets go of its streams when disposed', () => {
  const [rho, alpha] = [new Subject<number>(), new Subject<number>()];
  lookSam({ rho, alpha })(gradient).dispose!();
  expect([rho.observed, alpha.observed]).toEqual([false, false]);
});

test('lookSam refuses what makes no sense, in its own name', () => {
  expect(() => lookSam({ interval: 0 })).toThrow('lookSam: interval must be a whole number >= 1, got 0');
  expect(() => lookSam({ interval: 2.5 })).toThrow('lookSam: interval must be a whole number >= 1, got 2.5');
  expect(() => lookSam({ alpha: Number.NaN })).toThrow('lookSam: alpha must be >= 0, got NaN');
  expect(() => lookSam({ p: 3 })).toThrow('lookSam: p must be 2 or Infinity, got 3');
});
