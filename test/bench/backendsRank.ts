import {
  getBackend,
  matMul,
  randomNormal,
  relu,
  reshape,
  slice,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { digitTensors } from '../../adapters/cli/digitTensors.js';
import { squaredSingularValues } from '../../src/linalg/squaredSingularValues.js';
import { spectrum } from '../../src/metrics/spectrum.js';
import { timed } from './pairs.js';
import { median, type Row, row } from './row.js';

const [EXAMPLES, UNITS] = [1000, 512];
const BOUND_ON_TENSORFLOW = 40;
const BOUND_ELSEWHERE = 600;

/** Ranks of the features of a layer, from when they are on the host. */
export function rankRow(): Row {
  const { train } = digitTensors();
  const digits = reshape(slice(train.x as Tensor, 0, EXAMPLES), [EXAMPLES, -1]) as Tensor2D;
  const values = relu(
    matMul(digits, randomNormal([digits.shape[1], UNITS], 0, 0.2, 'float32', 1) as Tensor2D),
  ).dataSync();
  const features = { rows: EXAMPLES, columns: UNITS, values: values as Float32Array };
  const ranks = () => spectrum(squaredSingularValues(features, 'columns'), 0.99);
  const ms = Array.from({ length: 18 }, () => timed(ranks)).slice(3);
  const backend = getBackend();
  const bound = backend === 'tensorflow' ? BOUND_ON_TENSORFLOW : BOUND_ELSEWHERE;
  return row(`${backend}: ranks of features 1,000 × 512`, 'ms', median(ms), bound);
}
