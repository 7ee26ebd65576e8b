import { add, addN, grads, mul, type Scalar, sum, type Tensor, tidy, valueAndGrads } from '@tensorflow/tfjs-core';
import { twiceDifferentiable } from '../../../../src/curvature/tape/twiceDifferentiable.js';
import { numbers } from '../../../conformance/objectiveOf.js';
import type { F } from './cases.js';
import { type KernelGolden, numbersOf } from './golden.js';

/** L = Σ r y + ½ Σ s y², as kernels.py has it. */
const loss =
  (f: F) =>
  (...xs: Tensor[]): Tensor =>
    addN([f(...xs)].flat().map((y, i) => readout(y, 2 * i)));

/** Value and gradient of L as tfjs by itself has them. */
export const byTfjsAlone = (f: F, { inputs }: KernelGolden): { value: number; gradient: number[] } =>
  tidy(() => {
    const { value, grads } = valueAndGrads(loss(f))(inputs.map(numbersOf));
    return { value: value.dataSync()[0]!, gradient: grads.flatMap(numbers) };
  });

/** Gradient and Hessian-vector product of L in all inputs, one behind the other. */
export function derivativesOf(f: F, { inputs }: KernelGolden): { gradient: number[]; product: number[] } {
  return tidy(() => {
    const xs = inputs.map(numbersOf);
    const vs = inputs.map(({ shape }, i) => numbersOf({ shape, seed: 100 + i }));
    const gradient = grads(loss(f));
    const slope = (...xs: Tensor[]): Tensor => addN(gradient(xs).map((g, i) => sum(mul(g, vs[i]!))));
    return twiceDifferentiable(() => ({
      gradient: gradient(xs).flatMap(numbers),
      product: grads(slope)(xs).flatMap(numbers),
    }));
  });
}

function readout(y: Tensor, seed: number): Scalar {
  const [r, s] = [200, 201].map((first) => numbersOf({ shape: y.shape, seed: first + seed }));
  return sum(add(mul(r!, y), mul(mul(s!, 0.5), mul(y, y))));
}

/** ‖actual − expected‖ over ‖expected‖. */
export function relativeError(actual: readonly number[], expected: readonly number[]): number {
  const norm = (v: readonly number[]): number => Math.hypot(...v);
  return norm(expected.map((e, i) => e - actual[i]!)) / (norm(expected) || 1);
}
