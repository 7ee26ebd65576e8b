import {
  addN,
  concat,
  concat1d,
  keep,
  matMul,
  mul,
  reshape,
  scalar,
  split,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  tensor3d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { dot } from '../../linalg/dot.js';
import type { TensorProduct } from './operator.js';
import type { Vectors } from './vectors.js';
import { dimensionOf } from './weightSpace.js';

/**
 * Numbers of a row. Shorter ones take longer, for each is a product of its own; in longer ones float32 loses more of what is
 * small beside the rest. No power of 2: vectors so far apart fall into the same lines of the cache.
 */
const COLUMNS = 2000;

/** What a square must come to, so that what float32 loses of it below 2⁻¹²⁶ is rounding. */
const LEAST = 2 ** -102;

/** How many vectors it holds. */
const countOf = (x: Tensor3D): number => x.shape[1];

/** Vectors that live on the backend, whatever scope the search is taken up in, until they are released. */
export interface TensorVectors extends Vectors<Tensor3D> {
  image(v: Tensor3D): Tensor3D;
}

/**
 * Vectors of weight space as tensors, in float32 where the backend computes: in a large network the way there and back takes
 * half as long as a gradient, and the sums of Lanczos take longer in JavaScript than its products on the backend.
 *
 * A vector is one tensor of rows, whatever the parameters, filled up with zeros: dispatching an operation for each parameter
 * costs more than the copy. An inner product is one of each row, and their sum in float64: summed in float32 from end to
 * end, a million numbers come out wrong in the fourth digit. A length whose squares leave the range of float32 is taken
 * from the numbers: where curvature is of 1e-17 all would vanish, and every space would pass for invariant.
 */
export function tensorVectors({ params, apply }: TensorProduct): TensorVectors {
  const dimension = dimensionOf(params);
  const columns = Math.min(dimension, COLUMNS);
  const rows = Math.ceil(dimension / columns);
  const shape: [number, number, number] = [rows, 1, columns];
  const filling = rows * columns - dimension;
  const sizes = [...params.map(({ size }) => size), filling];
  const held = new Set<Tensor3D>();
  const hold = (x: Tensor3D): Tensor3D => {
    held.add(keep(x));
    return x;
  };
  const release = (x: Tensor3D): void => {
    held.delete(x);
    x.dispose();
  };
  const packed = (tensors: readonly Tensor[]): Tensor3D =>
    reshape(concat1d([...tensors.map((t) => reshape(t, [-1]) as Tensor1D), zeros([filling])]), shape);
  const unpacked = (x: Tensor3D): Tensor[] => {
    const pieces = split(reshape(x, [-1]), sizes);
    return params.map(({ shape }, p) => reshape(pieces[p]!, shape));
  };
  const numbers = (x: Tensor3D): Float64Array => Float64Array.from(x.dataSync().subarray(0, dimension));
  const inRange = (square: number): boolean => square > LEAST * dimension && square < Infinity;
  const exactSquare = (x: Tensor3D): number => dot(numbers(x), numbers(x));
  return {
    image: (v) => hold(tidy(() => packed(apply(unpacked(v))))),
    from(numbers) {
      const filled = new Float32Array(rows * columns);
      filled.set(numbers);
      return hold(tensor3d(filled, shape));
    },
    numbers,
    coordinates(basis, x) {
      if (basis.length === 0) return new Float64Array();
      const ofRows = tidy(() => {
        const each = basis.map((q) => matMul<Tensor3D>(q, x, false, true));
        return concat(each, 1);
      });
      const count = countOf(ofRows);
      const found = new Float64Array(count);
      ofRows.dataSync().forEach((part, at) => {
        found[at % count] = found[at % count]! + part;
      });
      ofRows.dispose();
      // The square of a vector is asked for behind what it has along others.
      const last = found.length - 1;
      if (basis.at(-1) === x && !inRange(found[last]!)) found[last] = exactSquare(x);
      return found;
    },
    combination(weights, xs) {
      let taken = 0;
      const share = (x: Tensor3D): Tensor3D => {
        const own = Array.from({ length: countOf(x) }, () => weights[taken++]!);
        if (own.length > 1) return matMul(tensor3d([[own]]), x);
        return own[0] === 1 ? x : mul(x, scalar(own[0]!));
      };
      return hold(tidy(() => addN(xs.map(share))));
    },
    gathered(xs) {
      const all = hold(concat([...xs], 1));
      for (const x of xs) release(x);
      return all;
    },
    release,
    releaseAll() {
      for (const x of held) release(x);
    },
  };
}
