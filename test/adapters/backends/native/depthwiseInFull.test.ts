import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { DEPTHWISE, depthwiseInFull } from '../../../../adapters/backends/native/depthwiseInFull.js';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { findNative, folder } from './provisioned.js';

// On the processor TensorFlow has what it lacks on a GPU, and so says there what is right.
describe.skipIf(!findNative())('a depthwise convolution in full', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });

  const [BATCH, SIDE, CHANNELS, EACH] = [2, 7, 3, 2];
  type Sides = [number, number];

  function inputsOf(strides: Sides, dilations: Sides, pad: 'same' | 'valid'): tf.NamedTensorMap {
    const x = tf.randomNormal<tf.Rank.R4>([BATCH, SIDE, SIDE, CHANNELS], 0, 1, 'float32', 1);
    const filter = tf.randomNormal<tf.Rank.R4>([2, 3, CHANNELS, EACH], 0, 1, 'float32', 2);
    const { outShape } = tf.backend_util.computeConv2DInfo(
      x.shape,
      filter.shape,
      strides,
      dilations,
      pad,
      'floor',
      true,
    );
    return { x, filter, dy: tf.randomNormal(outShape, 0, 1, 'float32', 3) };
  }

  /** The kernel, and how often TensorFlow was asked for its own. */
  function inFull(name: string, strides: Sides, dilations: Sides, pad: 'same' | 'valid') {
    const own = tf.getKernel(name, 'tensorflow');
    const { x, filter, dy } = inputsOf(strides, dilations, pad);
    const inputs = name.endsWith('Native') ? { x, filter } : name.endsWith('Filter') ? { x, dy } : { dy, filter };
    const attrs = {
      ...{ strides, dilations, pad, inputShape: x!.shape, filterShape: filter!.shape },
    } as unknown as tf.NamedAttrMap;
    const call = { inputs: inputs as tf.NamedTensorInfoMap, attrs, backend: tf.backend() };
    let asked = 0;
    const counted: tf.KernelConfig = {
      ...own,
      kernelFunc(given) {
        asked++;
        return own.kernelFunc(given);
      },
    };
    const [found, expected] = [depthwiseInFull(counted).kernelFunc(call), own.kernelFunc(call)].map((made) =>
      tf.engine().makeTensorFromTensorInfo(made as tf.TensorInfo),
    );
    return { found: found!, expected: expected!, asked };
  }

  describe.each(['same', 'valid'] as const)('with padding %s', (pad) => {
    test.each([
      ...DEPTHWISE.map((name) => [name, [2, 1], [1, 1]] as [string, Sides, Sides]),
      ...DEPTHWISE.map((name) => [name, [1, 3], [1, 1]] as [string, Sides, Sides]),
      ...(
        [
          [2, 2],
          [3, 2],
        ] as Sides[]
      ).map((rates) => ['DepthwiseConv2dNative', [1, 1], rates] as [string, Sides, Sides]),
    ])('%s, strides %j, dilations %j, is that of the operation', (name, strides, dilations) =>
      tf.tidy(() => {
        const { found, expected, asked } = inFull(name, strides, dilations, pad);
        expect(asked).toBe(0);
        expect(found.shape).toEqual(expected.shape);
        const error = tf.div(tf.norm(tf.sub(found, expected)), tf.norm(expected)).dataSync()[0];
        expect(error).toBeLessThan(1e-6);
      }),
    );

    test.each(DEPTHWISE)('%s with equal strides is left to TensorFlow', (name) =>
      tf.tidy(() => {
        expect(inFull(name, [2, 2], [1, 1], pad).asked).toBe(1);
      }),
    );
  });
});
