import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Objective } from '../../src/core/objective.js';
import type { Attributes, Points, Probe, Reading } from '../../src/core/watching.js';
import { changeObjective } from '../../src/interventions/changeObjective.js';
import type { ProbeConditions } from '../../src/metrics/probedObjective.js';
import { type Golden, type GoldenName, golden } from '../golden.js';
import { numbers } from './objectiveOf.js';
import { stepOf } from './stepOf.js';

/** What is expected of a reading; of its attributes, at least these. */
export interface ExpectedReading {
  readonly name: string;
  readonly value: number | Points;
  readonly attributes?: Attributes;
}

export interface ProbeLaws {
  readonly name: string;
  /** Makes the probe under conditions, by default none, for a network. */
  readonly make: (conditions: ProbeConditions, golden: Golden) => Probe;
  readonly networks: readonly GoldenName[];
  /** What the reference says of a network, in inference mode. */
  readonly expected: (golden: Golden) => readonly ExpectedReading[];
  /** Largest error, relative to the value expected, or absolute where that is below 1. */
  readonly tolerance: number;
  /** Whether it can be asked to measure in a mode, or on a fixed set. Default true. */
  readonly conditional?: boolean;
}

/** The laws of a probe, on networks of which everything is known. */
export function testProbe({ name, make, networks, expected, tolerance, conditional = true }: ProbeLaws): void {
  describe.each(networks)(`${name}, as any probe, on %s`, (network) => {
    beforeAll(() => tf.setBackend('cpu'));

    test('equals the reference', () =>
      withGolden(network, (known) => {
        const readings = measure(make({}, known), known.objective);
        for (const { name, value, attributes = {} } of expected(known)) {
          const found = readings.filter((r) => r.name === name && contains(r.attributes, attributes));
          expect(found.map((r) => r.name)).toEqual([name]);
          const [actual, wanted] = [flat(found[0]!.value), flat(value)];
          expect(actual).toHaveLength(wanted.length);
          wanted.forEach((number, i) => {
            const error = Math.abs(actual[i]! - number) / Math.max(1, Math.abs(number));
            expect(error, `${name} is ${actual[i]}, not ${number}`).toBeLessThan(tolerance);
          });
        }
      }));

    test('reads plain values under the names it declares', () =>
      withGolden(network, (known) => {
        const { objective } = known;
        const probe = make({}, known);
        const declared = probe.measures.map(({ name }) => name);
        const readings = measure(probe, objective);
        expect(readings.length).toBeGreaterThan(0);
        for (const reading of readings) expect(declared).toContain(reading.name);
        expect(JSON.parse(JSON.stringify(readings))).toEqual(readings);
      }));

    test('leaves weights, batch and the count of tensors as they were', () =>
      withGolden(network, (known) => {
        const { objective } = known;
        const probe = make({}, known);
        const held = () => [...objective.params, objective.batch!.x as tf.Tensor].map(numbers);
        const [before, tensors] = [held(), tf.memory().numTensors];
        measure(probe, objective);
        measure(probe, objective);
        expect(held()).toEqual(before);
        expect(tf.memory().numTensors).toBe(tensors);
      }));

    test('hands on whatever the loop throws, weights restored and nothing left', () =>
      withGolden(network, (known) => {
        const { objective } = known;
        const weights = () => objective.params.map(numbers);
        const [before, tensors] = [weights(), tf.memory().numTensors];
        const evaluations = counted(objective, (o) => void measure(make({}, known), o));
        expect(evaluations).toBeGreaterThan(0);
        for (const k of new Set([1, 2, Math.ceil(evaluations / 2), evaluations])) {
          if (k > evaluations) continue;
          const failing = () => counted(objective, (o) => void measure(make({}, known), o), k);
          expect(failing).toThrow(`evaluation ${k}`);
          expect(weights()).toEqual(before);
          expect(tf.memory().numTensors).toBe(tensors);
        }
      }));

    if (!conditional) return;
    test('measures on the fixed set where one is given, not on the batch of the step', () =>
      withGolden(network, (known) => {
        const { objective } = known;
        const { x, y } = objective.batch as { x: tf.Tensor; y: tf.Tensor };
        const other = { x: tf.mul(x, 0.5), y: tf.reverse(y, 0) };
        const fixed = measure(make({ on: other }, known), objective);
        const own = measure(make({}, known), objective.withBatch!(other));
        expect(values(fixed)).toEqual(values(own));
        expect(values(fixed)).not.toEqual(values(measure(make({}, known), objective)));
        tf.dispose([other.x, other.y]);
      }));

    test('measures in inference mode unless asked for training mode', () =>
      withGolden(network, (known) => {
        const { objective } = known;
        const [training, inference] = (['training', 'inference'] as const).map((mode) => objective.withMode!(mode));
        const byDefault = measure(make({}, known), training!);
        expect(byDefault).toEqual(measure(make({}, known), inference!));
        expect(byDefault[0]!.attributes?.mode).toBe('inference');
        const asked = measure(make({ mode: 'training' }, known), inference!);
        expect(asked[0]!.attributes?.mode).toBe('training');
      }));

    test('refuses a fixed set that is none, and a mode that is none', () =>
      withGolden(network, (known) => {
        const [x, y] = [tf.zeros([3, 2]), tf.zeros([4, 2])];
        expect(() => make({ on: { x, y } }, known)).toThrow('on must hold equally many inputs and targets');
        expect(() => make({ on: { x: [1], y } as never }, known)).toThrow('on must be { x, y } of tensors');
        expect(() => make({ mode: 'test' as never }, known)).toThrow(
          "mode must be 'training' or 'inference', got test",
        );
        tf.dispose([x, y]);
      }));
  });
}

function withGolden(name: GoldenName, f: (golden: Golden) => void): void {
  const known = golden(name);
  try {
    f(known);
  } finally {
    known.dispose();
  }
}

function measure(probe: Probe, objective: Objective): readonly Reading[] {
  let readings: readonly Reading[] = [];
  tf.tidy(() => {
    const { step, end } = stepOf(objective);
    try {
      readings = probe.measure(step);
    } finally {
      end();
    }
  });
  return readings;
}

/** How often `f` evaluates the objective; the k-th time throws. */
function counted(objective: Objective, f: (objective: Objective) => void, k = Infinity): number {
  let evaluations = 0;
  const counting = <A extends unknown[], R>(member: (...args: A) => R) => {
    return (...args: A): R => {
      if (++evaluations === k) throw new Error(`evaluation ${k}`);
      return member(...args);
    };
  };
  f(
    changeObjective(objective, ({ loss, outputs, outputLoss, features }) => ({
      loss: counting(loss),
      outputs: outputs && counting(outputs),
      outputLoss: outputLoss && counting(outputLoss),
      features: features && counting(features),
    })),
  );
  return evaluations;
}

const values = (readings: readonly Reading[]) => readings.map(({ name, value }) => ({ name, value }));

const flat = (value: number | Points): readonly number[] =>
  typeof value === 'number' ? [value] : [...value.x, ...value.y];

const contains = (all: Attributes = {}, some: Attributes): boolean =>
  Object.entries(some).every(([key, value]) => all[key] === value);
