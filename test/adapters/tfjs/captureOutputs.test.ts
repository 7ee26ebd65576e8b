import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test, vi } from 'vitest';
import { captureOutputs } from '../../../adapters/tfjs/captureOutputs.js';
import type { LayerInternals } from '../../../adapters/tfjs/layersModel.js';

beforeAll(() => tf.setBackend('cpu'));

const dense = (inputs: number, units: number) =>
  layers.dense({ inputShape: [inputs], units, kernelInitializer: 'ones' });
const internals = (layer: unknown) => layer as LayerInternals;

test('captureOutputs gives what several layers put out in one forward pass, in the order asked for', () => {
  const [a, b] = [dense(2, 3), dense(3, 1)];
  const model = sequential({ layers: [a, b] });
  const calls = vi.spyOn(a, 'call');
  const x = tf.tensor2d([[1, 2]]);
  const tensors = tf.memory().numTensors;
  const captured = tf.tidy(() => {
    const { outputs } = captureOutputs([b, a, b].map(internals), () => model.apply(x));
    return outputs.map((t) => [...t.dataSync()]);
  });
  expect(captured).toEqual([[9], [3, 3, 3], [9]]);
  expect(calls).toHaveBeenCalledTimes(1);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('captureOutputs leaves nothing behind where a layer was not reached, or the pass throws', () => {
  const [a, b, apart] = [dense(2, 3), dense(3, 1), dense(1, 1)];
  const model = sequential({ layers: [a, b] });
  const x = tf.tensor2d([[1, 2]]);
  const tensors = tf.memory().numTensors;
  const capture = (f: () => unknown) => tf.tidy(() => void captureOutputs([apart, a, b].map(internals), f));
  expect(() => capture(() => model.apply(x))).toThrow(`layer '${apart.name}' was not evaluated in the forward pass`);
  const failing = () => {
    model.apply(x);
    throw new Error('interrupted');
  };
  expect(() => capture(failing)).toThrow('interrupted');
  expect(tf.memory().numTensors).toBe(tensors);
});
