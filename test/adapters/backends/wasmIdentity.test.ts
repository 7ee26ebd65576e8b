import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';

let undo: () => void;
beforeAll(async () => {
  undo = repairWasm();
  await tf.setBackend('wasm');
});
afterAll(() => undo());

test.each([
  ['a clone', (x: tf.Tensor) => tf.clone(x)],
  ['a cast to the type it has', (x: tf.Tensor) => tf.cast(x, 'float32')],
])('%s outlives the tensor it was made of, and then leaves nothing', (_, copy) => {
  const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
  const x = tf.tensor1d([1.5, -2]);
  const y = copy(x);
  x.dispose();
  expect([...y.dataSync()]).toEqual([1.5, -2]);
  y.dispose();
  expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
});

test('a variable and a clone of it part when the variable is assigned', () => {
  const w = tf.variable(tf.tensor1d([1, 2]));
  const kept = tf.clone(w);
  w.assign(tf.tensor1d([3, 4]));
  expect([...kept.dataSync(), ...w.dataSync()]).toEqual([1, 2, 3, 4]);
  tf.dispose([w, kept]);
});

test('a cast to another type is one', () => {
  tf.tidy(() => {
    expect([...tf.cast(tf.tensor1d([1.5, -2.5]), 'int32').dataSync()]).toEqual([1, -2]);
  });
});
