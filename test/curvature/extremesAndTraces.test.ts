import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import type { Tangent } from '../../src/curvature/curvature.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { curvatureOver } from '../../src/curvature/curvatureOver.js';
import { extremesAndTraces } from '../../src/curvature/extremesAndTraces.js';
import { sectionsOf } from '../../src/curvature/sectionsOf.js';
import { dot } from '../../src/linalg/dot.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { golden } from '../golden.js';
import { onBackends } from './onBackends.js';

const inner = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

onBackends(() => {
  describe.each(['linear-softmax', 'mlp-tanh', 'conv-batch-norm'] as const)('of %s', (name) => {
    test('the ends are those of JAX to 1 %, and the traces within 4 standard errors, which are as small as was asked', () => {
      const { objective, expected, dispose } = golden(name);
      const curvature = curvatureOf(objective);
      const { top, bottom, traces, samples, cost } = extremesAndTraces(curvature, {
        random: random(3),
        standardError: 0.05,
        maxSamples: 400,
      });
      const { topEigenvalue, bottomEigenvalue, trace } = expected.hessian;
      expect(Math.abs(top.value - topEigenvalue) / topEigenvalue).toBeLessThan(0.01);
      expect(Math.abs(bottom.value - bottomEigenvalue) / topEigenvalue).toBeLessThan(0.01);
      const scale = Math.max(Math.abs(trace), expected.gaussNewton.trace);
      for (const part of ['hessian', 'gaussNewton', 'nme'] as const) {
        const { value, standardError } = traces[part];
        expect(Math.abs(value - expected[part].trace)).toBeLessThan(4 * standardError + 1e-4 * scale);
        expect(standardError).toBeLessThan(0.06 * scale);
      }
      expect(samples).toBeGreaterThanOrEqual(6);
      expect(cost).toBe(2 * (1 + top.products + samples));
      curvature.dispose();
      dispose();
    });
  });

  test.each(['exact', 'finite-difference'] as const)('quadratic forms are those of JAX, by the engine %s', (engine) => {
    const { objective, expected, v, dispose } = golden('regression');
    const curvature = curvatureOf(objective, { engine });
    const { forms } = curvature.parts!;
    const x = Float64Array.from(v);
    const slack = engine === 'exact' ? 1e-5 : 2e-3;
    const scale = Math.hypot(...v) * Math.hypot(...expected.hessian.product);
    const near = (found: number, known: number) => expect(Math.abs(found - known) / scale).toBeLessThan(slack);
    const seen: Tangent[] = [];
    const { nme: form, tangent } = forms.nme(x, [0]);
    near(form, inner(v, expected.nme.product));
    const product = forms.hessian((tangent) => seen.push(tangent)).apply(x);
    near(inner(v, [...product]), inner(v, expected.hessian.product));
    for (const { outputs, slopes } of [tangent, ...seen])
      near(dot(outputs, slopes), inner(v, expected.gaussNewton.product));
    expect(seen).toHaveLength(1);
    const nme = expected.hessian.dense!.map((row, i) => row.map((h, j) => h - expected.gaussNewton.dense![i]![j]!));
    const sizes = objective.params.map(({ size }) => size);
    const starts = [0, 1, 3];
    const sectionOf = sizes.flatMap((size, p) => Array<number>(size).fill(starts.filter((start) => start <= p).length));
    let blocks = 0;
    nme.forEach((row, i) => {
      row.forEach((a, j) => {
        if (sectionOf[i] === sectionOf[j]) blocks += (i === j ? 1 : 2) * v[i]! * a * v[j]!;
      });
    });
    const inSections = forms.nme(x, starts);
    near(inSections.nme, blocks);
    // Sections are moved one by one, and J is linear.
    expect(
      inSections.tangent.outputs.map((u, i) => Math.abs(u - tangent.outputs[i]!)).reduce((a, b) => Math.max(a, b)),
    ).toBeLessThan(slack);
    curvature.dispose();
    dispose();
  });
});

test('over many batches they are those of the whole', () => {
  const { objective, expected, dispose } = golden('linear-softmax');
  const { x, y } = objective.batch!;
  const halves = () =>
    [0, 1].map((half) => {
      const rows = (x as tf.Tensor).shape[0]!;
      const cut = (t: tf.Tensor) => (half === 0 ? tf.slice(t, 0, 3) : tf.slice(t, 3, rows - 3));
      return { x: cut(x as tf.Tensor), y: cut(y as tf.Tensor) };
    });
  const curvature = curvatureOver(objective, halves);
  const { top, traces } = extremesAndTraces(curvature, { random: random(1) });
  expect(top.value).toBeCloseTo(expected.hessian.topEigenvalue, 2);
  const { value, standardError } = traces.gaussNewton;
  expect(Math.abs(value - expected.gaussNewton.trace)).toBeLessThan(4 * standardError + 1e-4);
  curvature.dispose();
  dispose();
});

test('sections join the smallest neighbours, and leave few parameters alone', () => {
  const params = [64, 1, 1000, 1, 10, 2].map((size) => tf.zeros([size]));
  expect(sectionsOf(params, 3)).toEqual([0, 2, 3]);
  expect(sectionsOf(params, 1)).toEqual([0]);
  expect(sectionsOf(params.slice(0, 2), 3)).toEqual([0, 1]);
});

test('extremesAndTraces refuses what it cannot do', () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const curvature = curvatureOf(objectiveOf([w], () => tf.square(w)));
  expect(() => extremesAndTraces(curvature, { random: random(1) })).toThrow('needs outputs and outputLoss');
  curvature.dispose();
  const { objective, dispose } = golden('linear-softmax');
  const whole = curvatureOf(objective);
  for (const [options, message] of [
    [{ standardError: 0 }, 'standardError must be positive and finite, got 0'],
    [{ maxSamples: 5 }, 'maxSamples must be an integer of at least 6, got 5'],
    [{ tolerance: -1 }, 'tolerance must be positive and finite, got -1'],
  ] as const) {
    expect(() => extremesAndTraces(whole, { random: random(1), ...options })).toThrow(`extremesAndTraces: ${message}`);
  }
  whole.dispose();
  dispose();
});
