import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { type Curvature, curvatureOf } from '../../src/curvature/curvatureOf.js';
import { hutchinson } from '../../src/curvature/hutchinson.js';
import { lanczos } from '../../src/curvature/lanczos.js';
import { rademacher } from '../../src/curvature/rademacher.js';
import { dot, norm } from '../../src/curvature/weightSpace.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { type Golden, type GoldenName, golden, goldenNames } from '../golden.js';
import { onBackends } from './onBackends.js';

/** ‖a − b‖ over `scale`. */
const distance = (a: Float64Array, b: readonly number[], scale: number): number =>
  Math.hypot(...b.map((x, i) => a[i]! - x)) / scale;

function withCurvature(name: GoldenName, f: (curvature: Curvature, known: Golden) => void): void {
  const known = golden(name);
  const curvature = curvatureOf(known.objective);
  try {
    f(curvature, known);
  } finally {
    curvature.dispose();
    known.dispose();
  }
}

onBackends(() => {
  describe.each(goldenNames)('the curvature of %s', (name) => {
    test('has the loss, the gradient and the products of JAX in float64', () =>
      withCurvature(name, ({ loss, gradient, hessian, parts }, { expected, v }) => {
        const x = Float64Array.from(v);
        const scale = Math.hypot(...expected.hessian.product);
        const split = parts!.split.apply(x);
        expect(loss).toBeCloseTo(expected.loss, 5);
        expect(distance(gradient, expected.gradient, expected.gradientNorm)).toBeLessThan(1e-5);
        for (const [product, matrix] of [
          [hessian.apply(x), expected.hessian],
          [parts!.gaussNewton.apply(x), expected.gaussNewton],
          [parts!.nme.apply(x), expected.nme],
          [split.hessian, expected.hessian],
          [split.gaussNewton, expected.gaussNewton],
          [split.nme, expected.nme],
        ] as const) {
          expect(distance(product, matrix.product, scale)).toBeLessThan(1e-5);
        }
      }));

    test('has the top eigenvalues of JAX, to four digits at least', () =>
      withCurvature(name, ({ hessian, parts }, { expected }) => {
        const top = (operator: typeof hessian) => lanczos(operator, { random: random(1), tolerance: 1e-3 });
        const scale = expected.hessian.topEigenvalue;
        const found = top(hessian);
        expect(found.converged).toBe(true);
        expect(Math.abs(found.value - scale) / scale).toBeLessThan(5e-5);
        expect(Math.abs(top(parts!.gaussNewton).value - expected.gaussNewton.topEigenvalue) / scale).toBeLessThan(5e-5);
      }));

    test('has the traces and norms of JAX: within 4 standard errors, and exactly with unit vectors', () =>
      withCurvature(name, ({ dimension, parts }, { expected }) => {
        const estimated = hutchinson(parts!.split.apply, { dimension, samples: 40, random: random(2) });
        const exact = hutchinson(parts!.split.apply, { dimension, samples: 'exact', random: random(2) });
        for (const part of ['hessian', 'gaussNewton', 'nme'] as const) {
          const { trace, frobenius } = expected[part];
          const slack = 1e-5 * expected.hessian.frobenius;
          const within = (found: { value: number; standardError: number }, truth: number) =>
            expect(Math.abs(found.value - truth)).toBeLessThan(4 * found.standardError + slack);
          within(estimated[part].trace, trace);
          within(estimated[part].norm, frobenius);
          within(exact[part].trace, trace);
          within(exact[part].norm, frobenius);
          expect(exact[part].trace.standardError).toBe(0);
        }
      }));

    test('is symmetric and linear', () =>
      withCurvature(name, ({ dimension, hessian, parts }) => {
        const stream = random(3);
        const [u, v] = [rademacher(dimension, stream), rademacher(dimension, stream)];
        for (const { apply } of [hessian, parts!.gaussNewton, parts!.nme]) {
          const [au, av] = [apply(u), apply(v)];
          const scale = norm(hessian.apply(u)) * norm(v);
          expect(Math.abs(dot(v, au) - dot(u, av)) / scale).toBeLessThan(1e-5);
          const both = apply(u.map((x, i) => 2 * x - v[i]!));
          const sum = [...au].map((x, i) => 2 * x - av[i]!);
          expect(distance(both, sum, norm(hessian.apply(u)))).toBeLessThan(1e-5);
        }
      }));

    test('leaves weights, batch and the count of tensors as they were', () => {
      const { objective, dispose } = golden(name);
      const held = () => [...objective.params, objective.batch!.x as tf.Tensor].map((t) => [...t.dataSync()]);
      const [before, tensors] = [held(), tf.memory().numTensors];
      const curvature = curvatureOf(objective);
      curvature.parts!.split.apply(new Float64Array(curvature.dimension).fill(1));
      curvature.hessian.apply(new Float64Array(curvature.dimension).fill(1));
      curvature.dispose();
      curvature.dispose();
      expect(held()).toEqual(before);
      expect(tf.memory().numTensors).toBe(tensors);
      dispose();
    });
  });

  test('a record holds the weights as they were when it was made', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.pow(w, 3)));
    w.assign(tf.tensor1d([10, 20]));
    expect([...curvature.hessian.apply(Float64Array.of(1, 1))]).toEqual([6, 12]);
    curvature.dispose();
  });

  test('a loss alone has a Hessian and no parts', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.square(w)));
    expect([...curvature.hessian.apply(Float64Array.of(1, 3))]).toEqual([2, 6]);
    expect(curvature.parts).toBeUndefined();
    curvature.dispose();
  });

  test('a parameter that the loss does not read has a zero block', () => {
    const [w, idle] = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([5]))];
    const curvature = curvatureOf(objectiveOf([w, idle], () => tf.pow(w, 2)));
    expect([...curvature.hessian.apply(Float64Array.of(1, 3, 7))]).toEqual([2, 6, 0]);
    expect([...curvature.gradient]).toEqual([2, 4, 0]);
    curvature.dispose();
  });

  test('a loss without curvature has the Hessian zero', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.neg(w)));
    expect([...curvature.hessian.apply(Float64Array.of(1, 3))]).toEqual([0, 0]);
    curvature.dispose();
  });

  test('what is not finite is refused by name, and nothing is left', () => {
    const w = tf.variable(tf.tensor1d([1, 2]), true, 'broken');
    const before = tf.memory().numTensors;
    expect(() => curvatureOf(objectiveOf([w], () => tf.log(tf.neg(w))))).toThrow('the loss is NaN');
    tf.tidy(() => w.assign(tf.tensor1d([1, NaN])));
    expect(() => curvatureOf(objectiveOf([w], () => tf.square(w)))).toThrow('the parameter broken holds a value');
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  test('the penalty stands beside the Hessian of the data, each exactly its own', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const outputs = () => [tf.square(w)];
    const outputLoss = ([z]: readonly tf.Tensor[]) => tf.sum<tf.Scalar>(z!);
    const penalty = () => tf.mul<tf.Scalar>(5, tf.sum(tf.pow(w, 3)));
    const loss = () => tf.add<tf.Scalar>(outputLoss(outputs()), penalty());
    const before = tf.memory().numTensors;
    const curvature = curvatureOf({ step: 0, params: [w], loss, outputs, outputLoss, penalty });
    expect(curvature.loss).toBe(5);
    expect([...curvature.hessian.apply(Float64Array.of(1, 3))]).toEqual([2, 6]);
    expect([...curvature.penalty!.apply(Float64Array.of(1, 3))]).toEqual([30, 180]);
    curvature.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('restricted to some parameters it is their block, the others held fixed', () => {
    const [a, b] = [
      tf.variable(tf.tensor1d([1, 2]), true, 'block/a'),
      tf.variable(tf.tensor1d([3, 4]), true, 'block/b'),
    ];
    const objective = objectiveOf([a, b], () => tf.mul(tf.square(a), tf.square(b)));
    const curvature = curvatureOf(objective, { only: (name) => name === 'block/b' });
    expect(curvature.params).toEqual([b]);
    expect([...curvature.gradient]).toEqual([6, 32]);
    expect([...curvature.hessian.apply(Float64Array.of(1, 1))]).toEqual([2, 8]);
    expect(() => curvatureOf(objective, { only: () => false })).toThrow(
      'curvatureOf: only accepts none of the parameters block/a, block/b',
    );
    curvature.dispose();
    tf.dispose([a, b]);
  });

  test('a curvature disposed of gives no product, and says so', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.square(w)));
    curvature.dispose();
    expect(() => curvature.hessian.apply(Float64Array.of(1, 1))).toThrow(
      'hessian: this curvature is disposed of; take its products before dispose()',
    );
  });

  test('an empty batch is refused', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const batch = { x: tf.zeros([0, 2]), y: tf.zeros([0, 1]) };
    expect(() => curvatureOf({ ...objectiveOf([w], () => tf.square(w)), batch })).toThrow(
      'curvatureOf: the batch must hold an example, got x of shape [0,2]',
    );
  });

  test('a vector of another dimension is refused', () => {
    const w = tf.variable(tf.tensor1d([1, 2]));
    const curvature = curvatureOf(objectiveOf([w], () => tf.square(w)));
    expect(() => curvature.hessian.apply(new Float64Array(3))).toThrow('hessian: v must hold 2 numbers, got 3');
    curvature.dispose();
  });
});
