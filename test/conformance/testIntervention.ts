import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { compose } from '../../src/core/compose.js';
import { gradient } from '../../src/core/gradient.js';
import type { Intervention } from '../../src/core/intervention.js';
import type { Gradient, GradientFn, Objective } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import { changeObjective } from '../../src/interventions/changeObjective.js';
import { type Golden, golden } from '../golden.js';
import { allNumbers, numbers } from './objectiveOf.js';

export interface InterventionLaws {
  readonly name: string;
  readonly make: () => Intervention;
  /** The same with a strength of 0. */
  readonly zero?: () => Intervention;
  /** How often a step calls `next`. */
  readonly calls: number;
  /** How many tensors it keeps from step to step, until it is disposed of. Default none. */
  readonly keeps?: number;
}

/** The laws of an intervention, on a network of two hidden layers with outputs, batch and a regularizer. */
export function testIntervention({ name, make, zero, calls, keeps = 0 }: InterventionLaws): void {
  describe(`${name}, as any intervention,`, () => {
    let network: Golden;
    let objective: Objective;
    beforeAll(() => tf.setBackend('cpu'));
    beforeEach(() => {
      network = golden('mlp-tanh');
      objective = regularized(network.objective);
      const stream = random(7);
      vi.spyOn(Math, 'random').mockImplementation(stream);
    });
    afterEach(() => {
      vi.restoreAllMocks();
      network.dispose();
    });

    const weights = (): number[][] => objective.params.map(numbers);
    const result = (intervention: Intervention): unknown =>
      tf.tidy(() => {
        vi.mocked(Math.random).mockImplementation(random(7));
        const { loss, grads } = intervention(gradient)(objective);
        return JSON.stringify({ loss: numbers(loss), grads: allNumbers(grads) });
      });

    test(`calls the gradient ${calls} times a step`, () => {
      const next = vi.fn(gradient);
      tf.tidy(() => void make()(next)(objective));
      expect(next).toHaveBeenCalledTimes(calls);
    });

    test('gives a finite gradient of every parameter in its shape', () => {
      tf.tidy(() => {
        const { loss, grads } = make()(gradient)(objective);
        expect(loss.shape).toEqual([]);
        for (const { name, shape } of objective.params) {
          expect(grads[name]!.shape).toEqual(shape);
          expect(numbers(grads[name]).every(Number.isFinite)).toBe(true);
        }
      });
    });

    test('leaves the weights bit for bit as they were', () => {
      const before = weights();
      tf.tidy(() => void make()(gradient)(objective));
      expect(weights()).toEqual(before);
    });

    test.each(Array.from({ length: calls }, (_, i) => i + 1))(
      'hands on what gradient %i throws, weights restored and nothing left',
      (k) => {
        const [before, tensors] = [weights(), tf.memory().numTensors];
        const step = make()(failingAt(k));
        expect(() => tf.tidy(() => void step(objective))).toThrow(`gradient ${k}`);
        step.dispose?.();
        expect(weights()).toEqual(before);
        expect(tf.memory().numTensors).toBe(tensors);
      },
    );

    test(`leaves no tensor over and keeps ${keeps || 'none'}, its report read`, () => {
      const step = make()(gradient);
      const tensors = tf.memory().numTensors;
      for (let i = 0; i < 3; i++) tf.tidy(() => void read(step(atStep(objective, i))));
      expect(tf.memory().numTensors).toBe(tensors + keeps);
      step.dispose?.();
      expect(tf.memory().numTensors).toBe(tensors);
    });

    test('goes on from its state as if it had never stopped', () => {
      const at = (step: GradientFn, i: number): string =>
        tf.tidy(() => {
          const result = step(atStep(objective, i));
          return JSON.stringify([allNumbers(result.grads), read(result)]);
        });
      const straight = make()(gradient);
      const before = make()(gradient);
      for (const step of [straight, before]) {
        vi.mocked(Math.random).mockImplementation(random(7));
        at(step, 0);
      }
      const state = before.state?.() ?? null;
      const after = make()(gradient);
      if (state !== null) after.restore!(JSON.parse(JSON.stringify(state)));
      const [expected, actual] = [straight, after].map((step) => {
        vi.mocked(Math.random).mockImplementation(random(8));
        return at(step, 1);
      });
      expect(actual).toBe(expected);
      for (const step of [straight, before, after]) step.dispose?.();
    });

    test('reports finite scalars', () => {
      for (const value of tf.tidy(() => read(make()(gradient)(objective)))) expect(value).toSatisfy(Number.isFinite);
    });

    test('is not changed by the identity on either side', () => {
      const identity: Intervention = (next) => next;
      const alone = result(make());
      expect(result(compose(identity, make()))).toBe(alone);
      expect(result(compose(make(), identity))).toBe(alone);
    });

    if (!zero) return;
    test('at zero strength hands on the very gradient of the very objective', () => {
      const next = vi.fn(gradient);
      tf.tidy(() => {
        const { loss, grads } = zero()(next)(objective);
        expect(next.mock.calls).toHaveLength(1);
        expect(next.mock.calls[0]![0]).toBe(objective);
        expect(loss).toBe(next.mock.results[0]!.value.loss);
        expect(grads).toBe(next.mock.results[0]!.value.grads);
      });
    });
  });
}

/** With half the squared norm of the weights in the loss, a hundredth of it, on any batch. */
function regularized(objective: Objective): Objective {
  const penalty = () => tf.mul<tf.Scalar>(0.005, tf.addN(objective.params.map((w) => tf.sum(tf.square(w)))));
  return changeObjective(objective, ({ loss }) => ({ penalty, loss: () => tf.add(loss(), penalty()) }));
}

/** On any batch of that step, too. */
const atStep = (objective: Objective, step: number): Objective => changeObjective(objective, () => ({ step }));

function failingAt(k: number): GradientFn {
  let calls = 0;
  return (objective) => {
    if (++calls === k) throw new Error(`gradient ${k}`);
    return gradient(objective);
  };
}

const read = ({ report = {} }: Gradient): number[] =>
  Object.values(report).map((evaluate) => {
    const value = evaluate();
    return typeof value === 'number' ? value : numbers(value)[0]!;
  });
