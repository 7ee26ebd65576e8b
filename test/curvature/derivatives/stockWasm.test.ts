import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { byTfjsAlone, derivativesOf, relativeError } from './kernels/derivativesOf.js';
import { goldens } from './kernels/golden.js';
import { windows } from './kernels/windows.js';

const tolerance = 5e-6;

beforeAll(async () => {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${dirname(main)}/`);
  await tf.setBackend('wasm');
  await tf.ready();
});

/** Cases whose first gradient tfjs-wasm by itself has wrong, while it computes them right. */
const wrong = [
  ...['conv3d, valid', 'conv3d, same', 'conv3d, same, strides of 2', 'conv3d, valid, strides of 2 and 1'],
  ...['avgPool, same, overlapping', 'avgPool, same, strides of 2 and 1'],
  ...['avgPool3d, same, overlapping', 'avgPool3d, same, strides of 2', 'maxPool of negatives'],
];

test.each(wrong)('%s has a wrong gradient on wasm as it is, and both derivatives right inside of the scope', (name) => {
  const golden = goldens[name]!;
  const stock = byTfjsAlone(windows[name]!, golden);
  expect(relativeError([stock.value], [golden.value])).toBeLessThan(tolerance);
  expect(relativeError(stock.gradient, golden.gradient)).toBeGreaterThan(0.01);
  const { gradient, product } = derivativesOf(windows[name]!, golden);
  expect(relativeError(gradient, golden.gradient)).toBeLessThan(tolerance);
  expect(relativeError(product, golden.product)).toBeLessThan(tolerance);
});
