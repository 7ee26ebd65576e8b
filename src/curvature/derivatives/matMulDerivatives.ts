import { BatchMatMul, type GradConfig, matMul, type Tensor, transpose } from '@tensorflow/tfjs-core';
import { sumTo } from './sumTo.js';

/** Products of matrices. tfjs 4.22 sums nothing back to a factor that was broadcast along the batches. */
export const matMulDerivatives: readonly GradConfig[] = [
  {
    kernelName: BatchMatMul,
    inputsToSave: ['a', 'b'],
    gradFunc: (d, [a, b], attrs) => {
      const dy = d as Tensor;
      const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean };
      const inA = (): Tensor => (transposeA ? product(b!, dy, true, transposeB) : product(dy, b!, !transposeB));
      const inB = (): Tensor => (transposeB ? matMul(dy, a!, true, transposeA) : matMul(a!, dy, !transposeA, false));
      return { a: () => sumTo(inA(), a!.shape), b: () => sumTo(inB(), b!.shape) };
    },
  },
];

/** x y, or x yᵀ: the latter by its transpose where y is the larger, for TensorFlow is two and a half times faster at that. */
const product = (x: Tensor, y: Tensor, transposeY: boolean, transposeX = false): Tensor =>
  transposeY && y.size > x.size ? transposed(matMul(y, x, false, !transposeX)) : matMul(x, y, transposeX, transposeY);

const transposed = (x: Tensor): Tensor => transpose(x, [...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2));
