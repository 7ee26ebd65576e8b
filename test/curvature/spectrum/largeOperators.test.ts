import * as tf from '@tensorflow/tfjs-core';
import { expect, test, vi } from 'vitest';
import { random } from '../../../src/core/random.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { extremesAndTraces } from '../../../src/curvature/extremesAndTraces.js';
import { extremes } from '../../../src/curvature/spectrum/extremes.js';
import type { Operator } from '../../../src/curvature/spectrum/operator.js';
import { openSearch } from '../../../src/curvature/spectrum/searchSpectrum.js';
import { spectralDensity } from '../../../src/curvature/spectrum/spectralDensity.js';
import { norm } from '../../../src/curvature/spectrum/weightSpace.js';
import { onBackends } from '../onBackends.js';

/** Where a search for the eigenvalues of many parameters keeps its vectors on the backend. */

const SIZE = 22_500;
const [TOP, SECOND, BOTTOM] = [8, 5, -3];
const eigenvalues = Float64Array.from({ length: SIZE }, (_, i) => [TOP, SECOND, BOTTOM][i] ?? Math.sin(i));

/** diag(8, 5, −3, sines), which multiplies tensors as well as numbers. */
function diagonal(spoil = 1, spectrum = eigenvalues) {
  const params = [tf.zeros([149, 150]), tf.zeros([150])];
  const numbers = tf.tensor1d(Float32Array.from(spectrum, (x) => spoil * x));
  const pieces = tf.split(numbers, [149 * 150, 150]).map((piece, i) => tf.reshape(piece, params[i]!.shape));
  const apply = vi.fn((v: Float64Array) => v.map((x, i) => spoil * spectrum[i]! * x));
  const multiply = vi.fn((v: readonly tf.Tensor[]) => v.map((x, i) => tf.mul(x, pieces[i]!)));
  const operator: Operator = { dimension: SIZE, cost: 1, apply, tensors: { params, apply: multiply } };
  return { operator, apply, multiply, dispose: () => tf.dispose([params, numbers, pieces]) };
}

onBackends((backend) => {
  test('both ends are found with their vectors, without a way to the program and back but on cpu', () => {
    const { operator, apply, multiply, dispose } = diagonal();
    const before = tf.memory().numTensors;
    const { top, bottom, products } = extremes(operator, { random: random(1), tolerance: 1e-4 });
    expect(tf.memory().numTensors).toBe(before);
    expect((backend === 'cpu' ? apply : multiply).mock.calls).toHaveLength(products);
    expect((backend === 'cpu' ? multiply : apply).mock.calls).toHaveLength(0);
    for (const [pair, value, at] of [
      [top, TOP, 0],
      [bottom, BOTTOM, 2],
    ] as const) {
      expect(pair.converged).toBe(true);
      expect(Math.abs(pair.value - value)).toBeLessThan(1e-5 * TOP);
      expect(Math.abs(pair.vector[at]!)).toBeGreaterThan(1 - 1e-6);
      expect(norm(pair.vector)).toBeCloseTo(1, 5);
      expect(pair.residual).toBeLessThan(1e-4 * TOP);
    }
    dispose();
  });

  test('the basis stays orthogonal long after an eigenvalue has converged: no copy of it appears', () => {
    const { operator, dispose } = diagonal();
    const search = openSearch('test', operator, { random: random(2), start: undefined });
    const { values } = search.find((n) => Array.from({ length: Math.min(4, n) }, (_, i) => i), {
      tolerance: 1e-9,
      maxProducts: 30,
    });
    const [first, second, third] = values.map(({ value }) => value) as [number, number, number];
    expect(first).toBeCloseTo(TOP, 4);
    expect(second).toBeCloseTo(SECOND, 4);
    expect(third).toBeLessThan(1 + 1e-4);
    search.dispose();
    dispose();
  });

  test.each([1e-30, 1e-25, 1e-17, 1e17, 1e25])('eigenvalues of %f are found as those of 1 are', (scale) => {
    const { operator, dispose } = diagonal(scale);
    const { top, bottom } = extremes(operator, { random: random(1), tolerance: 1e-4 });
    expect([top.converged, bottom.converged]).toEqual([true, true]);
    expect(Math.abs(top.value / scale - TOP)).toBeLessThan(1e-5 * TOP);
    expect(Math.abs(bottom.value / scale - BOTTOM)).toBeLessThan(1e-5 * TOP);
    dispose();
  });

  test('where every space is invariant, no more vectors are held than span it', () => {
    const { operator, dispose } = diagonal(1, new Float64Array(SIZE).fill(1));
    const before = tf.memory().numTensors;
    const search = openSearch('test', operator, { random: random(4), start: undefined });
    const { values } = search.find((n) => Array.from({ length: Math.min(6, n) }, (_, i) => i), { maxProducts: 6 });
    for (const { value } of values) expect(value).toBeCloseTo(1, 5);
    // And what the last product left.
    expect(tf.memory().numTensors - before).toBe(backend === 'cpu' ? 0 : 6 + 1);
    search.dispose();
    expect(tf.memory().numTensors).toBe(before);
    dispose();
  });

  test('the density has the mean of the eigenvalues', () => {
    const { operator, dispose } = diagonal();
    const before = tf.memory().numTensors;
    const { mean } = spectralDensity(operator, { random: random(3), steps: 6, draws: 2 });
    const exact = eigenvalues.reduce((a, b) => a + b, 0) / SIZE;
    // Whatever the signs, for a diagonal multiplies each with itself.
    expect(mean.value).toBeCloseTo(exact, 6);
    expect(tf.memory().numTensors).toBe(before);
    dispose();
  });

  test('a product that throws or is not finite ends the search, and nothing stays behind', () => {
    const { operator, dispose } = diagonal(Number.NaN);
    const before = tf.memory().numTensors;
    expect(() => extremes(operator, { random: random(1) })).toThrow('curvature: a product is not finite');
    const broken = () => {
      throw new Error('out of order');
    };
    const failing: Operator = { ...operator, apply: broken, tensors: { ...operator.tensors!, apply: broken } };
    expect(() => extremes(failing, { random: random(1) })).toThrow('out of order');
    expect(tf.memory().numTensors).toBe(before);
    dispose();
  });

  test('a search that has failed, or is disposed of, says so whenever it is asked again', () => {
    const { operator, dispose } = diagonal(Number.NaN);
    const open = (operator: Operator) => openSearch('test', operator, { random: random(1), start: undefined });
    const failed = open(operator);
    expect(() => failed.find(() => [0], {})).toThrow('a product is not finite');
    expect(() => failed.find(() => [0], {})).toThrow('test: a product of this search has failed');
    const sound = diagonal();
    const before = tf.memory().numTensors;
    const search = open(sound.operator);
    search.find(() => [0], { maxProducts: 2 });
    for (let i = 0; i < 2; i++) {
      search.dispose();
      expect(() => search.find(() => [0], { maxProducts: 2 })).toThrow('or it is disposed of; open another');
    }
    open(sound.operator).dispose();
    expect(tf.memory().numTensors).toBe(before);
    sound.dispose();
    dispose();
  });

  test('parameters of no number, and whole numbers that nothing reads, are passed over', () => {
    const w = tf.variable(tf.zeros([150, 150]) as tf.Tensor2D);
    const rest = [tf.variable(tf.zeros([0, 3])), tf.variable(tf.tensor1d([1, 2, 3], 'int32'))];
    // Of Σ w_ii²: 2 along the diagonal of W, 0 across it.
    const loss = () => tf.sum(tf.mul(tf.square(w), tf.eye(150))) as tf.Scalar;
    const before = tf.memory().numTensors;
    const found = tf.tidy(() => {
      const curvature = curvatureOf({ step: 0, params: [w, ...rest], loss });
      const { top, bottom } = extremes(curvature.hessian, { random: random(1) });
      curvature.dispose();
      return [top.value, bottom.value, top.vector.length];
    });
    expect(found[0]).toBeCloseTo(2, 5);
    expect(found[1]).toBeCloseTo(0, 5);
    expect(found[2]).toBe(150 * 150 + 3);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([w, rest]);
  });

  test('of a linear regression, ends and traces are those of 2 XᵀX / n', () => {
    const n = 150;
    const scales = Array.from({ length: n }, (_, i) => [150, 75][i] ?? 15);
    const x = tf.diag(tf.tensor1d(scales)) as tf.Tensor2D;
    const y = tf.randomNormal([n, n], 0, 1, 'float32', 1);
    const w = tf.variable(tf.randomNormal([n, n], 0, 1, 'float32', 2) as tf.Tensor2D);
    const outputs = () => [tf.matMul(x, w)];
    const outputLoss = ([z]: readonly tf.Tensor[]) => tf.mean(tf.squaredDifference(z!, y)) as tf.Scalar;
    const curvature = curvatureOf({ step: 0, params: [w], loss: () => outputLoss(outputs()), outputs, outputLoss });
    const { top, bottom, traces, samples, next } = extremesAndTraces(curvature, { random: random(1) });
    // Of each column of W alike.
    const known = scales.map((scale) => (2 * scale ** 2) / n ** 2);
    expect(top.value).toBeCloseTo(known[0]!, 4);
    expect(Math.abs(bottom.value - known[2]!)).toBeLessThan(0.01 * known[0]!);
    const trace = n * known.reduce((a, b) => a + b, 0);
    for (const part of ['hessian', 'gaussNewton'] as const) {
      expect(Math.abs(traces[part].value - trace)).toBeLessThan(4 * traces[part].standardError + 1e-4 * trace);
    }
    expect(Math.abs(traces.nme.value)).toBeLessThan(1e-5 * trace);
    expect(samples).toBe(6);
    expect(next).toHaveLength(n * n);
    curvature.dispose();
    tf.dispose([x, y, w]);
  });
});
