import { type GradConfig, matMul, type Tensor } from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { sumTo } from './sumTo.js';

/** Products of matrices. tfjs 4.22 sums nothing back to a factor that was broadcast along the batches. */
export const matMulDerivatives: readonly GradConfig[] = [
  derivative('BatchMatMul', ['a', 'b'], (dy, [a, b], attrs) => {
    const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
    const inA = (): Tensor => (transposeA ? matMul(b!, dy, transposeB, true) : matMul(dy, b!, false, !transposeB));
    const inB = (): Tensor => (transposeB ? matMul(dy, a!, true, transposeA) : matMul(a!, dy, !transposeA, false));
    return { a: () => sumTo(inA(), a!.shape), b: () => sumTo(inB(), b!.shape) };
  }),
];
