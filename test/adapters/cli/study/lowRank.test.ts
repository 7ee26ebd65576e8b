import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { mnist } from '../../../../adapters/cli/data/mnist.js';
import { criterion } from '../../../../adapters/cli/study/criterion.js';
import { notebook } from '../../../../adapters/cli/study/findings.js';
import { fitStudent } from '../../../../adapters/cli/study/lowRank/fitStudent.js';
import { identities } from '../../../../adapters/cli/study/lowRank/identities.js';
import { images } from '../../../../adapters/cli/study/lowRank/images.js';
import { leastFall } from '../../../../adapters/cli/study/lowRank/leastFall.js';
import { lesson } from '../../../../adapters/cli/study/lowRank/lesson.js';
import { errorOf } from '../../../../adapters/cli/study/lowRank/student.js';
import { teacherStudent } from '../../../../adapters/cli/study/lowRank/teacherStudent.js';
import { memory } from '../../../../adapters/exporters/memory.js';
import { random } from '../../../../src/core/random.js';

beforeAll(() => tf.setBackend('cpu'));

const numbered = <R extends tf.Rank>(shape: tf.ShapeMap[R], f: (i: number) => number): tf.Tensor<R> =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => f(i)),
    shape,
  );

/** Six units of which every number is told by a formula, as low_rank.py has them. */
const small = () => ({
  w: tf.variable(numbered<tf.Rank.R2>([4, 6], (i) => 0.6 * Math.sin(1 + i))),
  a: tf.variable(numbered<tf.Rank.R2>([6, 1], (i) => 0.6 * Math.cos(i))),
  c: tf.variable(tf.tensor2d([[0.1]])),
});

const four = {
  x: () => numbered<tf.Rank.R2>([4, 3], (i) => Math.cos(i)),
  y: () => numbered<tf.Rank.R2>([4, 1], (i) => Math.sin(2 * i)),
};

const ORDER = [0, 1, 2, 3, 1, 0, 3, 2, 2, 1, 0];

/** As low_rank.py prints it, at float64. */
const TRAINED = {
  w: [
    [0.181762, 0.34172, 0.254977, -0.16638, -0.428104, -0.167649],
    [0.179589, 0.481678, 0.378071, -0.143833, -0.508831, -0.321944],
    [0.34332, 0.677264, 0.361211, -0.263147, -0.625578, -0.450592],
    [-0.239974, 0.343605, 0.346225, -0.293447, -0.654439, -0.543347],
  ],
  a: [0.220376, -0.278644, -0.365744, -0.279584, -0.240589, 0.170197],
  c: 0.264535,
};

test('a student trained by SAM in the first half of the steps has the weights of NumPy', async () => {
  const [student, seen] = [small(), { x: four.x(), y: four.y() }];
  const order = ORDER.values();
  await fitStudent(student, seen, {
    rho: 0.2,
    steps: ORDER.length,
    draw: () => order.next().value! / 4,
    sinks: [],
  });
  const { w, a, c } = TRAINED;
  const close = (found: tf.Tensor, expected: readonly number[]) =>
    found.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  close(student.w, w.flat());
  close(student.a, a);
  close(student.c, [c]);
});

test('what the probes tell of a student is of its weights after the last step', async () => {
  // Two units of equal features, one that is never on: x W is (x, 2x, −1) for x = 1 and 2.
  const student = {
    w: tf.variable(tf.tensor2d([[1, 2, 0], [0, 0, -1]])), // biome-ignore format: a matrix
    a: tf.variable(tf.zeros<tf.Rank.R2>([3, 1])),
    c: tf.variable(tf.zeros<tf.Rank.R2>([1, 1])),
  };
  const seen = { x: tf.tensor2d([[1], [2]]), y: tf.zeros<tf.Rank.R2>([2, 1]) };
  const found = await fitStudent(student, seen, { rho: 0, steps: 3, draw: () => 0, sinks: [] });
  const quantities = ['rank', 'active_units', 'dead_units', 'distinct_units', 'density'];
  expect(quantities.map((name) => found(`features.${name}`))).toEqual([1, 2, 1, 1, 2 / 3]);
});

test('the error of a student is the mean of (ReLU([x, 1] W) a + c − y)²', () => {
  tf.tidy(() => {
    const student = {
      w: tf.variable(tf.tensor2d([[1, -1], [0.5, 0]])), // biome-ignore format: a matrix
      a: tf.variable(tf.tensor2d([[2], [3]])),
      c: tf.variable(tf.tensor2d([[-1]])),
    };
    // Of x = 1: ReLU(1.5, −1) gives 2, y = 1. Of x = −2: ReLU(−1.5, 2) gives 5, y = 2.
    const { loss, features } = errorOf(student, { x: tf.tensor2d([[1], [-2]]), y: tf.tensor2d([[1], [2]]) });
    expect(loss().dataSync()[0]).toBeCloseTo((1 + 9) / 2, 6);
    expect(features!(['hidden'])[0]!.arraySync()).toEqual([
      [1.5, 0],
      [0, 2],
    ]);
  });
});

test('a lesson is of points on the sphere, the same for the same seed', () => {
  tf.tidy(() => {
    const [first, again, other] = [1, 1, 2].map((seed) => lesson(random(seed), 20, 50));
    expect(first!.unseen.x.shape).toEqual([50, 3]);
    for (const length of tf.norm(first!.seen.x, 2, 1).dataSync()) expect(length).toBeCloseTo(1, 6);
    expect([...first!.seen.y.dataSync()]).toEqual([...again!.seen.y.dataSync()]);
    expect([...first!.seen.y.dataSync()]).not.toEqual([...other!.seen.y.dataSync()]);
  });
});

test('the identities of low-rank features hold at any seed, and leave no tensor', async () => {
  const { conditions, measure } = identities();
  const before = tf.memory().numTensors;
  for (const condition of conditions) {
    for (const seed of [0, 11, 12]) {
      const { error } = await measure(condition, { seed, sinks: [] });
      expect(error, condition.identity as string).toBeLessThan(1e-5);
    }
  }
  expect(tf.memory().numTensors).toBe(before);
});

const toy = teacherStudent({ units: 8, steps: 60, rhos: [0, 0.2] });

test('watching a student changes nothing, streams its rank and its units, and leaves no tensor', async () => {
  const before = tf.memory().numTensors;
  const kept = memory();
  const watched = await toy.measure({ rho: 0.2 }, { seed: 1, sinks: [kept] });
  expect(watched).toEqual(await toy.measure({ rho: 0.2 }, { seed: 1, sinks: [] }));
  expect(watched).not.toEqual(await toy.measure({ rho: 0 }, { seed: 1, sinks: [] }));
  expect(kept.values('features.rank')).toHaveLength(3);
  expect(kept.values('features.active_units').at(-1)).toBe(watched['features.active_units']);
  expect(kept.values('sam.rho')[0]).toBeCloseTo(0.2, 6);
  expect(tf.memory().numTensors).toBe(before);
});

const digits = images({ examples: 20, epochs: 1, tests: 20, rhos: [0, 0.1], bottleneck: 3 });

test('a bottleneck bounds the rank of what the classifier sees, and no tensor is left', async () => {
  const before = tf.memory().numTensors;
  const narrow = await digits.measure({ network: 'bottleneck', rho: 0 }, { seed: 4, sinks: [] });
  expect(narrow['features.rank']).toBeGreaterThanOrEqual(1);
  expect(narrow['features.rank']).toBeLessThanOrEqual(3);
  expect(narrow['features.active_units']).toBeLessThanOrEqual(64);
  expect(narrow['test.error']! * 20).toBeCloseTo(Math.round(narrow['test.error']! * 20), 4);
  expect(tf.memory().numTensors).toBe(before);
});

test('watching a network of images changes nothing, and streams the rank of both its layers', async () => {
  const kept = memory();
  const condition = { network: 'plain', rho: 0.1 };
  const watched = await digits.measure(condition, { seed: 4, sinks: [kept] });
  expect(watched).toEqual(await digits.measure(condition, { seed: 4, sinks: [] }));
  const layers = kept.measurements.filter(({ name }) => name === 'features.rank').map((m) => m.attributes.layer);
  expect(layers).toEqual(['maps', 'units']);
});

test('the digits of MNIST begin with 5, 0, 4 to train on and 7, 2, 1 to test on', () => {
  const { images, labels, count, size } = mnist('train', 10);
  expect({ count, size, pixels: images.length }).toEqual({ count: 10, size: 28, pixels: 7840 });
  expect([...labels]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  expect([...mnist('test', 5).labels]).toEqual([7, 2, 1, 0, 4]);
  expect(Math.max(...images)).toBe(1);
  expect(Math.min(...images)).toBe(0);
});

test('the least fall is that of means paired by seed', () => {
  const found = notebook();
  const values: Readonly<Record<number, readonly number[]>> = { 0: [9, 8], 0.1: [7, 5], 0.2: [6, 5] };
  for (const [rho, ranks] of Object.entries(values)) {
    for (const rank of ranks) found.add({ rho: Number(rho) }, { rank });
  }
  const least = leastFall(found, 'rank', [{ rho: 0 }, { rho: 0.1 }, { rho: 0.2 }]);
  expect(criterion('falls', least, '>', 0)).toMatchObject({ value: 0.5, standardError: 0.5, passed: true });
});
