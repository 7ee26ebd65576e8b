import {
  div,
  greater,
  matMul,
  maximum,
  norm,
  reshape,
  type Tensor,
  type Tensor2D,
  tensor2d,
  tidy,
  where,
} from '@tensorflow/tfjs-core';
import { type KeptTensors, keptTensors } from '../core/keptTensors.js';
import { random } from '../core/random.js';

/** Unit vectors that turn, step by step, to the right singular vectors of the largest singular values of matrices. */
export interface PowerIteration extends Pick<KeptTensors, 'state' | 'restore' | 'dispose'> {
  /** One iteration v ← WᵀW v / ‖WᵀW v‖ for each of the kernels; the first time from a random start of fixed seed. */
  advance(kernels: readonly Tensor[]): void;
  /** `[out, 1]`, of the i-th kernel. */
  at(i: number): Tensor2D;
}

/** A kernel `[..., out]` as `[inputs, out]`. */
export const asMatrix = (kernel: Tensor): Tensor2D => reshape(kernel, [-1, kernel.shape.at(-1)!]);

export function powerIteration(): PowerIteration {
  const vectors = keptTensors();
  const turned = (kernel: Tensor, i: number): Tensor =>
    tidy(() => {
      const w = asMatrix(kernel);
      const held = vectors.all()[i] as Tensor2D | undefined;
      // Another kernel stands in this place when layers freeze or thaw.
      const v = held?.shape[0] === w.shape[1] ? held : start(w.shape[1], i);
      const u = unit(matMul(w, v));
      return unit(matMul(w, u, true), v);
    });
  return {
    ...vectors,
    advance: (kernels) => vectors.put([...kernels.map(turned), ...vectors.all().slice(kernels.length)]),
    at: (i) => vectors.all()[i] as Tensor2D,
  };
}

/** v / ‖v‖; of a matrix that is 0, the `fallback`. */
function unit(v: Tensor2D, fallback: Tensor2D = v): Tensor2D {
  const length = norm(v);
  return where(greater(length, 1e-12), div(v, maximum(length, 1e-12)), fallback);
}

function start(size: number, seed: number): Tensor2D {
  const draw = random(seed);
  return unit(tensor2d(Array.from({ length: size }, () => [draw() - 0.5])));
}
