import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { random } from '../../src/core/random.js';
import type { Operator } from '../../src/curvature/spectrum/operator.js';

/** Matrices whose spectrum is known, as operators. */

export const operator = (matrix: Matrix): Operator => ({
  dimension: matrix.rows,
  cost: 1,
  apply: (v) => Float64Array.from(matrix.mmul(Matrix.columnVector(v)).getColumn(0)),
});

/** The same without a matrix, for large ones. */
export const diagonal = (values: readonly number[]): Operator => ({
  dimension: values.length,
  cost: 1,
  apply: (v) => v.map((x, i) => values[i]! * x),
});

/** A dense symmetric matrix of random entries. */
export function symmetric(n: number, seed: number): Matrix {
  const next = random(seed);
  const a = Matrix.zeros(n, n).apply(function (this: Matrix, i, j) {
    this.set(i, j, next() - 0.5);
  });
  return a.add(a.transpose());
}

/** Ascending, by the QR iterations of ml-matrix. */
export const eigenvalues = (matrix: Matrix): number[] =>
  new EigenvalueDecomposition(matrix, { assumeSymmetric: true }).realEigenvalues.sort((a, b) => a - b);
