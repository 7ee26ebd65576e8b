import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { refused } from '../../../src/curvature/derivatives/refusals.js';
import { twiceDifferentiable } from '../../../src/curvature/tape/twiceDifferentiable.js';
import { numbers } from '../../conformance/objectiveOf.js';
import { onBackends, type TestedBackend } from '../onBackends.js';
import { arrangements } from './kernels/arrangements.js';
import type { Cases } from './kernels/cases.js';
import {
  constant,
  handedOn,
  notOn,
  refusals,
  withinCustomGradients,
  withoutDerivative,
  withoutFloats,
} from './kernels/classes.js';
import { byTfjsAlone, derivativesOf, relativeError } from './kernels/derivativesOf.js';
import { elements } from './kernels/elements.js';
import { goldens } from './kernels/golden.js';
import { generated, read, type State, type States, write } from './kernels/table.js';
import { kernelNames, kernelsOf, type Uses, watched } from './kernels/watched.js';
import { windows } from './kernels/windows.js';

const cases: Cases = { ...elements, ...arrangements, ...windows };
const states: Partial<Record<TestedBackend, States>> = {};
const tolerance = 5e-6;
const points = [-1.3, -0.4, 0.35, 1.7];

test('the golden cases are those that are tested', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(goldens).sort());
});

onBackends((backend) => {
  const uses: Uses = { offered: new Set(), computed: new Set() };
  const inputs = (of: ReadonlySet<string>, kernel: string) => [...of].filter((input) => input.startsWith(`${kernel}.`));

  test.each(Object.entries(cases).filter(([name]) => !notOn[backend].includes(name)))(
    'both derivatives of %s are those of JAX in float64',
    (name, f) => {
      const golden = goldens[name]!;
      const { gradient, product } = twiceDifferentiable(() => watched(uses, () => derivativesOf(f, golden)));
      expect(relativeError(gradient, golden.gradient)).toBeLessThan(tolerance);
      expect(relativeError(product, golden.product)).toBeLessThan(tolerance);
    },
  );

  test.each(notOn[backend])('tfjs computes %s wrong, or not, or has no gradient of it', (name) => {
    const golden = goldens[name]!;
    const error = (): number => relativeError([byTfjsAlone(cases[name]!, golden).value], [golden.value]);
    expect(right(error)).toBe(false);
  });

  test.each(Object.entries(constant))('%s adds nothing to gradient and curvature', (kernel, f) => {
    tf.tidy(() => {
      const x = tf.tensor1d(points);
      const slope = (x: tf.Tensor) => tf.grad((x) => tf.add(tf.sum(f(x)), tf.sum(tf.pow(x, 3))))(x);
      const { g, h } = twiceDifferentiable(() => ({ g: slope(x), h: tf.grad((x) => tf.sum(slope(x)))(x) }));
      expect(
        relativeError(
          numbers(g),
          points.map((p) => 3 * p * p),
        ),
      ).toBeLessThan(tolerance);
      expect(
        relativeError(
          numbers(h),
          points.map((p) => 6 * p),
        ),
      ).toBeLessThan(tolerance);
      expect(kernelsOf(() => f(x))).toContain(kernel);
    });
  });

  test.each(Object.entries(refusals).filter(([kernel]) => tf.getKernel(kernel, tf.getBackend())))(
    '%s is refused by name',
    (kernel, f) => {
      const slope = (x: tf.Tensor) => tf.grad((x) => tf.sum(f(x)))(x);
      const second = () => tf.tidy(() => tf.grad((x) => tf.sum(slope(x)))(tf.tensor1d(points)));
      expect(() => twiceDifferentiable(second)).toThrow(refused[kernel] ?? refused.Dilation2DBackpropInput!);
    },
  );

  test.each(Object.entries(withinCustomGradients))('%s runs in the case of %s', (kernel, name) => {
    const golden = goldens[name]!;
    const kernels = kernelsOf(() => twiceDifferentiable(() => derivativesOf(cases[name]!, golden)));
    expect(kernels).toContain(kernel);
  });

  test('every kernel of tfjs has its place', () => {
    const kernels = kernelNames.filter((kernel) => !withoutFloats.has(kernel));
    const unproven: string[] = [];
    const stateOf = (kernel: string): State => {
      if (!tf.getKernel(kernel, tf.getBackend())) return 'no kernel';
      if (kernel in constant) return 'zero curvature';
      if (kernel in refusals || kernel in refused) return 'refused';
      if (kernel === handedOn || kernel in withinCustomGradients) return 'exact';
      if (!twiceDifferentiable(() => tf.getGradient(kernel))) return 'no first gradient';
      const open = inputs(uses.offered, kernel).filter((i) => !uses.computed.has(i) && !withoutDerivative.has(i));
      if (inputs(uses.computed, kernel).length === 0) unproven.push(kernel);
      unproven.push(...open);
      return 'exact';
    };
    states[backend] = Object.fromEntries(kernels.map((kernel) => [kernel, stateOf(kernel)]));
    expect(unproven).toEqual([]);
    const trained = kernelNames.filter((kernel) => tf.getGradient(kernel));
    expect(trained).toHaveLength(101);
    expect(trained.filter((kernel) => stateOf(kernel) === 'no first gradient')).toEqual([]);
  });
});

test('the table of kernels is what these tests have found', ({ skip }) => {
  const { cpu, wasm, tensorflow } = states;
  if (!cpu || !wasm || !tensorflow) return skip('tensorflow is not provisioned');
  for (const [file, text] of generated({ cpu, wasm, tensorflow })) {
    if (process.env.SECOND_DERIVATIVES === 'write') write(file, text);
    expect(read(file)).toBe(text);
  }
});

function right(error: () => number): boolean {
  try {
    return error() < tolerance;
  } catch {
    return false;
  }
}
