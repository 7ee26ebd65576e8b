import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import type { Batch } from '../../src/core/objective.js';
import { random } from '../../src/core/random.js';
import type { Tangent } from '../../src/curvature/curvature.js';
import { type Batches, curvatureOver, type Progress } from '../../src/curvature/curvatureOver.js';
import { hutchinson } from '../../src/curvature/spectrum/hutchinson.js';
import { dot } from '../../src/linalg/dot.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { golden } from '../golden.js';
import { onBackends } from './onBackends.js';

const relative = (a: ArrayLike<number>, b: readonly number[], scale = Math.hypot(...b)): number =>
  Math.hypot(...b.map((x, i) => a[i]! - x)) / scale;

/** A batch cut before these rows, into parts of different sizes. */
function* parts({ x, y }: Batch, ...cuts: number[]): Generator<Batch> {
  const rows = (x as tf.Tensor).shape[0]!;
  const ends = [0, ...cuts, rows];
  for (const [i, from] of ends.slice(0, -1).entries()) {
    const cut = (t: tf.Tensor) => tf.slice(t, from, ends[i + 1]! - from);
    yield { x: cut(x as tf.Tensor), y: cut(y as tf.Tensor) };
  }
}

const size = ({ x }: Batch): number => (x as tf.Tensor).shape[0]!;

onBackends(() => {
  test.each(['mlp-tanh', 'conv-max-pool'] as const)(
    'over parts of the batch, %s has the curvature of JAX over all',
    (name) => {
      const { objective, expected, v, dispose } = golden(name);
      const tensors = tf.memory().numTensors;
      const curvature = curvatureOver(objective, () => parts(objective.batch!, 1, 4));
      const x = Float64Array.from(v);
      const scale = Math.hypot(...expected.hessian.product);
      expect(curvature.loss).toBeCloseTo(expected.loss, 5);
      expect(relative(curvature.gradient, expected.gradient)).toBeLessThan(1e-5);
      expect(relative(curvature.hessian.apply(x), expected.hessian.product)).toBeLessThan(1e-5);
      const split = curvature.parts!.split.apply(x);
      for (const part of ['hessian', 'gaussNewton', 'nme'] as const) {
        expect(relative(split[part], expected[part].product, scale)).toBeLessThan(1e-5);
      }
      expect(relative(curvature.parts!.gaussNewton.apply(x), expected.gaussNewton.product, scale)).toBeLessThan(1e-5);
      expect(relative(curvature.parts!.nme.apply(x), expected.nme.product, scale)).toBeLessThan(1e-5);
      const { forms } = curvature.parts!;
      const seen: Tangent[] = [];
      const near = (form: number, product: readonly number[]) =>
        expect(Math.abs(form - dot(x, Float64Array.from(product))) / (scale * Math.hypot(...v))).toBeLessThan(1e-5);
      near(dot(x, forms.hessian((tangent) => seen.push(tangent)).apply(x)), expected.hessian.product);
      const { nme, tangent } = forms.nme(x, [0]);
      near(nme, expected.nme.product);
      expect(seen).toHaveLength(1);
      for (const { outputs, slopes } of [...seen, tangent]) near(dot(outputs, slopes), expected.gaussNewton.product);
      curvature.dispose();
      expect(tf.memory().numTensors).toBe(tensors);
      dispose();
    },
  );

  test('several vectors are recorded for once, and progress is told', () => {
    const { objective, expected, dispose } = golden('linear-softmax');
    const told: Progress[] = [];
    const batches = [...parts(objective.batch!, 2)];
    const curvature = curvatureOver(objective, batches, { onProgress: (progress) => told.push(progress) });
    const { dimension, parts: split } = curvature;
    const traces = hutchinson(split!.split, { dimension, samples: 'exact', random: random(1) });
    expect(traces.hessian.trace.value).toBeCloseTo(expected.hessian.trace, 4);
    expect(traces.gaussNewton.norm.value).toBeCloseTo(expected.gaussNewton.frobenius, 4);
    const examples = size(objective.batch!);
    expect(told.slice(0, 3)).toEqual([
      { pass: 1, batches: 1, examples: 2, of: undefined },
      { pass: 1, batches: 2, examples, of: undefined },
      { pass: 2, batches: 1, examples: 2, of: examples },
    ]);
    expect(told).toHaveLength(2 * (1 + Math.ceil(dimension / 8)));
    for (const { x } of batches) expect((x as tf.Tensor).isDisposed).toBe(false);
    curvature.dispose();
    dispose();
  });

  test('only some parameters, and the penalty beside', () => {
    const [w, b] = [tf.variable(tf.tensor1d([1, 2]), true, 'over/w'), tf.variable(tf.tensor1d([3, 4]), true, 'over/b')];
    // L = mean over examples of x (w·w + b·b): H = 2 mean(x). The penalty is Σ b³: H = 6 b.
    const objective = (batch: Batch) => {
      const outputs = () => [tf.mul(batch.x as tf.Tensor, tf.add(tf.sum(tf.square(w)), tf.sum(tf.square(b))))];
      const outputLoss = ([z]: readonly tf.Tensor[]) => tf.mean<tf.Scalar>(z!);
      const penalty = () => tf.sum<tf.Scalar>(tf.pow(b, 3));
      const loss = () => tf.add<tf.Scalar>(outputLoss(outputs()), penalty());
      return { step: 0, params: [w, b], outputs, outputLoss, penalty, loss, batch };
    };
    const batch = (...values: number[]): Batch => ({ x: tf.tensor1d(values), y: tf.zeros([values.length]) });
    const batches = [batch(1), batch(3, 4, 8)];
    const whole = { ...objective(batches[0]!), withBatch: objective };
    const curvature = curvatureOver(whole, batches, { only: (name) => name === 'over/b' });
    expect(curvature.loss).toBeCloseTo(4 * 30, 4);
    expect([...curvature.hessian.apply(Float64Array.of(1, 2))]).toEqual([8, 16]);
    expect([...curvature.penalty!.apply(Float64Array.of(1, 2))]).toEqual([18, 48]);
    curvature.dispose();
    expect(() => curvature.hessian.apply(Float64Array.of(1, 2))).toThrow('hessian: this curvature is disposed of');
    tf.dispose([w, b]);
  });

  test('what cannot be passed over again is refused, and nothing is left', () => {
    const { objective, dispose } = golden('linear-softmax');
    const refusal = (batches: Batches) => {
      const tensors = tf.memory().numTensors;
      expect(() => curvatureOver(objective, batches).hessian.apply(new Float64Array(1))).toThrow();
      return tf.memory().numTensors - tensors;
    };
    expect(() => curvatureOver(objective, [])).toThrow(
      'curvatureOver: batches must hold at least one example, got none',
    );
    const once = parts(objective.batch!);
    const { hessian, dimension } = curvatureOver(objective, once);
    expect(() => hessian.apply(new Float64Array(dimension))).toThrow('got 0 after');
    expect(refusal(() => parts(objective.batch!, 2))).toBe(0);
    dispose();
    const w = tf.variable(tf.tensor1d([1]));
    expect(() =>
      curvatureOver(
        objectiveOf([w], () => tf.square(w)),
        [],
      ),
    ).toThrow('give it withBatch');
  });
});
