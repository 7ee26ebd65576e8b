import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { measureOnce } from '../../src/core/measureOnce.js';
import type { Probe, Step } from '../../src/core/watching.js';
import { gradientNorm } from '../../src/metrics/gradientNorm.js';
import { objectiveOf } from '../conformance/objectiveOf.js';

beforeAll(() => tf.setBackend('cpu'));

/** L = 3 w₁² + 4 w₂ at w = (1, 0): its gradient is (6, 4). */
function objective() {
  const w = tf.variable(tf.tensor1d([1, 0]));
  return {
    w,
    ...objectiveOf([w], () =>
      tf.sum(
        tf.mul(tf.stack([tf.square(w), w]), [
          [3, 0],
          [0, 4],
        ]),
      ),
    ),
  };
}

const probeOf = (name: string, measure: (step: Step) => number): Probe => ({
  name,
  measures: [{ name, unit: 'm' }],
  measure: (step) => [{ name, value: measure(step), attributes: { layer: 'a' } }],
});

const clock = () => {
  let now = 0;
  return () => now++;
};

test('each probe measures once, in order, and a measurement tells its unit, its attributes and what it took', () => {
  const here = objective();
  const began: [string, number][] = [];
  const costly = probeOf('costly', ({ ledger }) => {
    ledger.evaluated(3);
    return 7;
  });
  const { measurements, failures } = measureOnce(here, [gradientNorm(), costly], {
    now: clock(),
    began: ({ name }, i) => began.push([name, i]),
  });
  expect(failures).toEqual([]);
  expect(began).toEqual([
    ['gradientNorm', 0],
    ['costly', 1],
  ]);
  expect(measurements.map(({ name }) => name)).toEqual(['gradient.norm', 'costly']);
  expect(measurements[0]!.value).toBeCloseTo(Math.sqrt(52), 5);
  expect(measurements[0]!.cost!.gradients).toBe(1);
  expect(measurements[1]).toMatchObject({
    value: 7,
    unit: 'm',
    attributes: { layer: 'a' },
    cost: { ms: 1, gradients: 3 },
  });
});

test('what would be applied is the plain gradient, since nothing changes training', () => {
  const norm = ({ applied }: Step): number => applied.loss.dataSync()[0]!;
  expect(measureOnce(objective(), [probeOf('loss', norm)], { now: clock() }).measurements[0]!.value).toBe(3);
});

test('a probe that throws is a failure, and the others go on', () => {
  const broken = probeOf('broken', () => {
    throw new Error('no kernel');
  });
  const { measurements, failures } = measureOnce(objective(), [broken, probeOf('fine', () => 1)], { now: clock() });
  expect(measurements.map(({ name }) => name)).toEqual(['fine']);
  expect(failures.map(({ source, error, off }) => [source, error.message, off])).toEqual([
    ['broken', 'no kernel', false],
  ]);
});

test('the same seed draws the same numbers, another others', () => {
  const drawn = (seed?: number) => {
    const options = { now: clock(), ...(seed !== undefined && { seed }) };
    return measureOnce(objective(), [probeOf('drawn', ({ random }) => random())], options).measurements[0]!.value;
  };
  expect(drawn(5)).toBe(drawn(5));
  expect(drawn()).toBe(drawn(0));
  expect(drawn(5)).not.toBe(drawn(6));
});

test('no tensor stays, and a step that is kept says that it has ended', () => {
  const here = objective();
  let kept: Step | undefined;
  const before = tf.memory().numTensors;
  const keeping = probeOf('keeping', (step) => {
    kept = step;
    step.once('shared', () => tf.keep(tf.scalar(1)));
    return tf.norm(step.plain().grads[here.w.name]!).dataSync()[0]!;
  });
  measureOnce(here, [keeping, gradientNorm()], { now: clock() });
  expect(tf.memory().numTensors).toBe(before);
  expect(() => kept!.plain()).toThrow('step 0 has ended');
});
