import { tidy } from '@tensorflow/tfjs-core';
import { repairWasm } from '../../adapters/backends/repairWasm.js';
import { gradient } from '../../src/core/gradient.js';
import { trainingStep } from './backendsStep.js';
import { convnet, mlp } from './networks.js';
import { pairs, ratios } from './pairs.js';
import { median, type Row, row } from './row.js';

/** Of the time of stock tfjs-wasm. */
const REPAIRED = 0.2;

/** In forward passes. Stock tfjs-wasm has no gradient of convolution. */
const FORWARD_AND_BACKWARD = 4;

/** What repairing wasm gains, in one process; it is repaired afterwards. */
export const wasmRows = (): Row[] => [denseStep(), convolution()];

function denseStep(): Row {
  const step = trainingStep(mlp());
  const stock = (): void => {
    repairWasm()();
    step();
  };
  const repaired = (): void => {
    repairWasm();
    step();
  };
  const measured = pairs(9, stock, repaired, 1);
  repairWasm();
  return row('wasm: mlp, a training step, repaired over stock', 'time', median(ratios(measured)), REPAIRED);
}

function convolution(): Row {
  const { objective } = convnet();
  const measured = pairs(
    21,
    () => tidy(() => void objective.loss().dataSync()),
    () => tidy(() => void Object.values(gradient(objective).grads).at(-1)!.dataSync()),
    3,
  );
  return row('wasm: convnet, forward and backward', 'forwards', median(ratios(measured)), FORWARD_AND_BACKWARD);
}
