import type { Tensor2D } from '@tensorflow/tfjs-core';
import { squaredSingularValues } from '../../../../src/linalg/squaredSingularValues.js';

/** The singular values of a matrix, largest first. */
export function singularValues(matrix: Tensor2D): Float64Array {
  const [rows, columns] = matrix.shape;
  return squaredSingularValues({ rows, columns, values: matrix.dataSync<'float32'>() }).map(Math.sqrt);
}
