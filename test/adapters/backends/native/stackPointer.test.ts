import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { findNative, nativeCache } from './provisioned.js';

const root = join(import.meta.dirname, '../../../..');

/** Products 512 deep, which oneDNN cuts into its deepest slices; each entry is that depth, for all factors are ones. */
const PROGRAM = `
  import * as tf from '@tensorflow/tfjs-core';
  import '@tensorflow/tfjs-layers';
  import { loadTensorFlow } from './dist/adapters/backends/native/loadTensorFlow.js';
  loadTensorFlow();
  await tf.setBackend('tensorflow');
  const [x, ones] = [tf.ones([32, 512]), tf.ones([512, 64])];
  const weights = tf.variable(tf.zeros([512, 64]));
  const optimizer = tf.train.sgd(2 ** -5);
  const found = new Set();
  for (let step = 0; step < 1000; step++) {
    const product = tf.matMul(x, ones);
    for (const value of product.dataSync()) found.add(value);
    product.dispose();
    optimizer.minimize(() => tf.sum(tf.matMul(x, weights)));
  }
  for (const value of weights.dataSync()) found.add(value);
  console.log(JSON.stringify([...found]));`;

describe.skipIf(!findNative())('products of matrices on the provisioned TensorFlow', () => {
  // The gradient of Σ(XW) is 32 everywhere, the rows of X: a step takes 32/32 away, and 1,000 take 1,000.
  test('are right and end well under a profiler, whose signals come while they are computed', async () => {
    const profiles = mkdtempSync(join(tmpdir(), 'profiles-'));
    const profiled = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--cpu-prof-interval=100'];
    const options = { cwd: root, env: { ...process.env, ...nativeCache } };
    const node = promisify(execFile)(process.execPath, [...profiled, '--input-type=module', '-e', PROGRAM], options);
    expect(JSON.parse((await node).stdout)).toEqual([512, -1000]);
    expect(readdirSync(profiles)).toHaveLength(1);
    rmSync(profiles, { recursive: true });
  });
});
