import * as tf from '@tensorflow/tfjs-core';
import { Subject } from 'rxjs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { compose } from '../../src/core/compose.js';
import { cosine } from '../../src/core/cosine.js';
import { gradient } from '../../src/core/gradient.js';
import { gsam } from '../../src/interventions/gsam.js';
import { l2 } from '../../src/interventions/l2.js';
import { sam } from '../../src/interventions/sam.js';
import { numbers, objectiveOf } from '../conformance/objectiveOf.js';
import { testIntervention } from '../conformance/testIntervention.js';
import { reported } from './reported.js';

testIntervention({ name: 'gsam', make: () => gsam({ rho: 0.1 }), zero: () => gsam({ rho: 0 }), calls: 2 });
testIntervention({
  name: 'gsam in groups',
  make: () => gsam({ rho: 0.1, m: 8 }),
  zero: () => gsam({ rho: 0, m: 8 }),
  calls: 4,
});

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** ½ (u² + 4 v²) at (3, 1): g = (3, 4), and with ρ = 5 ε̂ = (3, 4), where the gradient is (6, 20). */
const bowl = (w: tf.Variable, step = 0) => objectiveOf([w], () => tf.mul(0.5, tf.mul([1, 4], tf.square(w))), step);
const at = [3, 1];

test('gsam takes α of what is orthogonal off the gradient of sam', () => {
  const w = tf.variable(tf.tensor1d(at));
  const result = gsam({ rho: 5, alpha: 0.5 })(gradient)(bowl(w));
  // (3, 4)·(6, 20) = 98 of 436, so g⊥ = (3, 4) − (98/436) (6, 20).
  const across = [3 - (98 / 436) * 6, 4 - (98 / 436) * 20];
  numbers(result.grads[w.name]).forEach((g, i) => expect(g).toBeCloseTo([6, 20][i]! - 0.5 * across[i]!, 5));
  expect(reported(result, 'sam.orthogonal_norm')).toBeCloseTo(Math.hypot(...across), 5);
  // L(6, 5) − L(3, 1).
  expect(reported(result, 'sam.gap')).toBeCloseTo(68 - 6.5, 4);
  expect(numbers(result.loss)[0]).toBe(6.5);
});

test('gsam with α = 0 is sam, bit for bit', () => {
  const w = tf.variable(tf.tensor1d([0.3, -0.7]));
  const [narrowed, plain] = [gsam({ alpha: 0 }), sam()].map((by) => numbers(by(gradient)(bowl(w)).grads[w.name]));
  expect(narrowed).toEqual(plain);
});

test('gsam leaves penalties out of what it decomposes, unless asked', () => {
  const w = tf.variable(tf.tensor1d(at));
  const weights = { rho: 5, alpha: 1 };
  const decayed = (ascendPenalty: boolean) =>
    numbers(compose(gsam({ ...weights, ascendPenalty }), l2(2))(gradient)(bowl(w)).grads[w.name]);
  const minusAcross = (g: readonly number[], there: readonly number[]): number[] => {
    const share = (g[0]! * there[0]! + g[1]! * there[1]!) / (there[0]! ** 2 + there[1]! ** 2);
    return there.map((t, i) => t - (g[i]! - share * t));
  };
  // At w + ε̂ = (6, 5) the gradient of the whole is (6 + 12, 20 + 10).
  minusAcross([3, 4], [18, 30]).forEach((g, i) => expect(decayed(false)[i]).toBeCloseTo(g, 4));
  // Asked, g = (9, 6), and ε̂ is 5 along it.
  const far = [3 + 45 / Math.hypot(9, 6), 1 + 30 / Math.hypot(9, 6)];
  minusAcross([9, 6], [3 * far[0]!, 6 * far[1]!]).forEach((g, i) => expect(decayed(true)[i]).toBeCloseTo(g, 4));
});

test('gsam at a minimum makes a plain step', () => {
  const w = tf.variable(tf.tensor1d([0, 0]));
  expect(numbers(gsam()(gradient)(bowl(w)).grads[w.name])).toEqual([0, 0]);
});

test('gsam stays bounded on a bowl, its radius and its learning rate on a cosine', () => {
  const w = tf.variable(tf.tensor1d(at));
  const steps = 200;
  const rate = cosine({ from: 0.2, steps });
  const step = gsam({ rho: cosine({ from: 0.3, to: 0.01, steps }), alpha: 0.4 })(gradient);
  for (let i = 0; i < steps; i++) {
    const { grads } = step(bowl(w, i));
    w.assign(tf.sub(w, tf.mul(rate(i), grads[w.name]!)));
    expect(Math.hypot(...numbers(w))).toBeLessThanOrEqual(Math.hypot(...at));
  }
  expect(Math.hypot(...numbers(w))).toBeLessThan(0.02);
});

test('gsam lets go of its streams when disposed', () => {
  const [rho, alpha] = [new Subject<number>(), new Subject<number>()];
  const step = gsam({ rho, alpha })(gradient);
  step.dispose!();
  expect([rho.observed, alpha.observed]).toEqual([false, false]);
});

test('gsam refuses what makes no sense, in its own name', () => {
  expect(() => gsam({ alpha: -1 })).toThrow('gsam: alpha must be >= 0, got -1');
  expect(() => gsam({ rho: Number.NaN })).toThrow('gsam: rho must be >= 0, got NaN');
  expect(() => gsam({ p: 1 })).toThrow('gsam: p must be 2 or Infinity, got 1');
  expect(() => gsam({ m: 0 })).toThrow('gsam: m must be a whole number >= 1, got 0');
});
