import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { histogramBuckets } from '../../../../adapters/backends/native/histogramBuckets.js';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { findNative, folder } from './provisioned.js';

describe('the buckets of a histogram', () => {
  beforeAll(() => tf.setBackend('cpu'));

  test('divide the range evenly, and the largest value is in the last', () => {
    expect(histogramBuckets(tf.tensor2d([0, 1, 2, 3, 3.5, 4], [2, 3]), 4).arraySync()).toEqual([
      [0, 1, 1],
      [1, 2, 1],
      [2, 3, 1],
      [3, 4, 3],
    ]);
  });

  test('of a constant are one, of width 1 around it', () => {
    expect(histogramBuckets(tf.fill([2, 3], 7)).arraySync()).toEqual([[6.5, 7.5, 6]]);
    expect(histogramBuckets(tf.scalar(-1)).arraySync()).toEqual([[-1.5, -0.5, 1]]);
  });

  test('of nothing, or of nothing finite, are none', () => {
    for (const nothing of [tf.tensor1d([]), tf.tensor1d([NaN, Infinity])])
      expect(histogramBuckets(nothing).shape).toEqual([0, 3]);
  });

  test('are 30 unless asked, hold every value once and meet at their edges', () => {
    const rows = histogramBuckets(tf.randomNormal([1000], 0, 1, 'float32', 3)).arraySync();
    expect(rows.length).toBe(30);
    expect(rows.reduce((sum, [, , count]) => sum + count!, 0)).toBe(1000);
    expect(rows.slice(1).map(([left]) => left)).toEqual(rows.slice(0, -1).map(([, right]) => right));
  });

  test.each([0, 1.5, NaN])('cannot be %s', (count) => {
    expect(() => histogramBuckets(tf.scalar(1), count)).toThrow(`buckets must be a positive integer, got ${count}`);
  });
});

/** The part of tfjs-node's backend that its SummaryFileWriter calls. */
interface SummaryBackend {
  summaryWriter(folder: string): tf.Tensor;
  createSummaryFileWriter(writer: tf.Tensor, folder: string, queue: number, flush: number, suffix: string): void;
  writeHistogramSummary(writer: tf.Tensor, step: number, name: string, data: tf.Tensor, buckets?: number): void;
  flushSummaryWriter(writer: tf.Tensor): void;
}

describe.skipIf(!findNative())('a histogram for TensorBoard on TensorFlow', () => {
  test('of a constant is written, as its one bucket', async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
    const backend = tf.backend() as unknown as SummaryBackend;
    const scratch = mkdtempSync(join(tmpdir(), 'summary-'));
    const writer = backend.summaryWriter(scratch);
    backend.createSummaryFileWriter(writer, scratch, 10, 120_000, '.v2');
    backend.writeHistogramSummary(writer, 0, 'constant', tf.fill([5], 2));
    backend.flushSummaryWriter(writer);
    const events = readFileSync(join(scratch, readdirSync(scratch)[0]!));
    expect(events.includes('constant')).toBe(true);
    expect(events.includes(Buffer.from(new Float32Array([1.5, 2.5, 5]).buffer))).toBe(true);
    rmSync(scratch, { recursive: true });
  });
});
