import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { device, findNative, folder } from './provisioned.js';

describe.skipIf(!findNative() || device === 'gpu')('sums at places on a processor', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  /** Whole numbers and their places, some of them the same, in images of as many numbers. */
  const pooled = fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 40 }))
    .chain(([images, narrow, more]) => {
      const wide = narrow + more;
      const of = (least: number, most: number) =>
        fc.array(fc.integer({ min: least, max: most }), { minLength: images * narrow, maxLength: images * narrow });
      return fc.tuple(of(-9, 9), of(0, wide - 1)).map(([values, within]) => ({
        images,
        size: images * wide,
        values,
        places: within.map((place, i) => Math.floor(i / narrow) * wide + place),
      }));
    });

  test('are those of a loop, and nothing is left behind', () => {
    const before = tf.memory();
    fc.assert(
      fc.property(pooled, ({ images, size, values, places }) => {
        const expected = new Float32Array(size);
        for (const [i, place] of places.entries()) expected[place]! += values[i]!;
        const inputs = { values: tf.tensor1d(values), places: tf.tensor1d(places, 'int32') };
        const sums = tf.engine().runKernel('SumAtPlaces', inputs, { size, images }) as tf.Tensor;
        expect(sums.shape).toEqual([size]);
        expect(sums.dataSync()).toEqual(expected);
        tf.dispose([inputs, sums]);
      }),
    );
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });
});
