import { BatchMatMul, type GradConfig, matMul, type Tensor, transpose } from '@tensorflow/tfjs-core';
import { operation, recording } from './operation.js';
import { sumTo } from './sumTo.js';

/** Products of matrices. tfjs 4.22 sums nothing back to a factor that was broadcast along the batches. */
export const matMulDerivatives: readonly GradConfig[] = [
  {
    kernelName: BatchMatMul,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b], attrs) => derivativesOf(dy as Tensor, a!, b!, attrs as unknown as Transposed),
  },
];

interface Transposed {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function derivativesOf(dy: Tensor, a: Tensor, b: Tensor, { transposeA, transposeB }: Transposed) {
  const inA = (): Tensor => (transposeA ? product(b, dy, transposeB, true) : product(dy, b, false, !transposeB));
  const inB = (): Tensor => (transposeB ? matMul(dy, a, true, transposeA) : matMul(a, dy, !transposeA, false));
  return { a: () => sumTo(inA(), a.shape), b: () => sumTo(inB(), b.shape) };
}

/** As `matMul`; but x yᵀ by its transpose where y is the larger, for TensorFlow is two and a half times faster at that. */
function product(x: Tensor, y: Tensor, transposeX: boolean, transposeY: boolean): Tensor {
  if (!transposeY || y.size <= x.size) return matMul(x, y, transposeX, transposeY);
  const compute = (): Tensor => transposed(matMul(y, x, false, !transposeX));
  if (!recording()) return compute();
  // One operation, whose derivatives are those of `matMul`: nobody is to differentiate the detour.
  return operation({
    inputs: { a: x, b: y },
    forwardFunc: (_backend, save) => {
      save([x, y]);
      return compute();
    },
    backwardsFunc: (d, [a, b]) => derivativesOf(d, a!, b!, { transposeA: transposeX, transposeB: true }),
  });
}

const transposed = (x: Tensor): Tensor => transpose(x, [...x.shape.keys()].slice(0, -2).concat(x.rank - 1, x.rank - 2));
