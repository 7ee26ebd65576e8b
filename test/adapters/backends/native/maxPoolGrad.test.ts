import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadTensorFlow } from '../../../../adapters/backends/native/loadTensorFlow.js';
import { maxPoolGrad } from '../../../../adapters/backends/native/maxPoolGrad.js';
import type { NodeBackend } from '../../../../adapters/backends/native/nodeBackend.js';
import { random } from '../../../../src/core/random.js';
import { eachPair, geometryOf } from '../naiveWindows.js';
import { device, findNative, folder } from './provisioned.js';

describe.skipIf(!findNative() || device === 'gpu')('the gradient of max pooling on a processor', () => {
  beforeAll(async () => {
    loadTensorFlow(folder);
    await tf.setBackend('tensorflow');
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  type Side = readonly [height: number, width: number];
  type Pooling = readonly [window: Side, strides: Side, pad: 'same' | 'valid'];

  /** Enough numbers that oneDNN is worth it, and sides that are multiples of nothing. */
  const [BATCH, SIDES, CHANNELS] = [7, [19, 17], 43] as const;
  const SHAPE: [number, number, number, number] = [BATCH, ...SIDES, CHANNELS];
  const SIZE = SHAPE.reduce((a, b) => a * b);

  const apart: readonly Pooling[] = [
    [[2, 2], [2, 2], 'valid'],
    [[2, 2], [2, 2], 'same'],
    [[3, 1], [3, 1], 'valid'],
    [[1, 2], [2, 3], 'valid'],
    [[2, 3], [4, 5], 'same'],
    // Of more places than a byte can number.
    [[19, 17], [19, 17], 'valid'],
    // Of which some begin in the padding.
    [[3, 3], [3, 3], 'same'],
    [[4, 5], [4, 5], 'same'],
  ];
  const overlapping: readonly Pooling[] = [
    [[3, 3], [2, 2], 'valid'],
    [[3, 2], [1, 2], 'same'],
    [[2, 5], [3, 1], 'same'],
  ];

  const LOWEST = -3.4028234663852886e38;
  /** What is put into a fifth of the places, beside small whole numbers, of which many are alike. */
  const fillings: readonly (readonly number[])[] = [[0, -0], [NaN], [-Infinity], [Infinity, -Infinity], [LOWEST]];

  function numbers(seed: number, strange: readonly number[]): Float32Array {
    const draw = random(seed);
    const one = () => (draw() < 0.2 ? strange[Math.floor(draw() * strange.length)]! : Math.floor(draw() * 5) - 2);
    return Float32Array.from({ length: SIZE }, one);
  }

  const attrsOf = ([filterSize, strides, pad]: Pooling) => ({ filterSize, strides, pad });

  function gradient(x: tf.Tensor, dy: tf.Tensor, pooling: Pooling): Float32Array {
    const [window, strides, pad] = pooling;
    const output = tf.maxPool(x as tf.Tensor4D, [...window], [...strides], pad);
    const inputs = { dy, input: x, output };
    const made = tf
      .engine()
      .runKernel<tf.Tensor>('MaxPoolGrad', inputs, attrsOf(pooling) as unknown as tf.NamedAttrMap);
    return made.dataSync<'float32'>();
  }

  const node = () => tf.backend() as unknown as NodeBackend & { binding: { getNumOfTensors(): number } };

  const outputOf = ([window, strides, pad]: Pooling) => geometryOf(BATCH, SIDES, window, strides, pad);
  const shapeOf = (pooling: Pooling): number[] => [BATCH, ...outputOf(pooling).output, CHANNELS];

  /** Whole numbers, whose sums have no rounding. */
  const wholes = (shape: number[]): tf.Tensor =>
    tf.tensor(
      Int32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i % 97) - 48),
      shape,
      'float32',
    );

  /** By the definition. */
  function expected(x: Float32Array, dy: ArrayLike<number>, pooling: Pooling): Float32Array {
    const largest = new Int32Array(dy.length).fill(-1);
    eachPair(outputOf(pooling), (cell, _, out) => {
      for (let channel = 0; channel < CHANNELS; channel++) {
        const [at, to] = [cell * CHANNELS + channel, out * CHANNELS + channel];
        if (largest[to] === -1 || x[at]! > x[largest[to]!]!) largest[to] = at;
      }
    });
    const dx = new Float32Array(SIZE);
    largest.forEach((at, out) => {
      dx[at]! += dy[out]!;
    });
    return dx;
  }

  /** Where two differ in a bit, so 0 from −0 too. */
  const differences = (a: Float32Array, b: Float32Array): number[] =>
    [...a.keys()].filter((i) => !Object.is(a[i], b[i])).slice(0, 5);

  describe.each(fillings.map((strange) => ({ strange })))('of numbers among which are $strange', ({ strange }) => {
    test.each([...apart, ...overlapping])(
      'by windows of %j, strides %j, %s, goes to the first of the largest',
      (...pooling) => {
        const x = numbers(1, strange);
        const dy = wholes(shapeOf(pooling));
        const found = gradient(tf.tensor4d(x, SHAPE), dy, pooling);
        expect(differences(found, expected(x, dy.dataSync(), pooling))).toEqual([]);
      },
    );

    test.each([...apart, ...overlapping])(
      'by windows of %j, strides %j, %s, is to the last bit that of the operation MaxPoolGrad',
      (...pooling) => {
        const x = tf.tensor4d(numbers(2, strange), SHAPE);
        const dy = tf.randomNormal(shapeOf(pooling), 0, 1, 'float32', 3);
        const [window, strides, pad] = pooling;
        const { TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT } = node().binding;
        const attributes = [
          { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
          { name: 'ksize', type: TF_ATTR_INT, value: [1, ...window, 1] },
          { name: 'strides', type: TF_ATTR_INT, value: [1, ...strides, 1] },
          { name: 'padding', type: TF_ATTR_STRING, value: pad.toUpperCase() },
        ];
        const output = tf.maxPool(x, [...window], [...strides], pad);
        const own = node().executeSingleOutput('MaxPoolGrad', attributes, [x, output, dy]) as tf.Tensor;
        expect(differences(gradient(x, dy, pooling), own.dataSync<'float32'>())).toEqual([]);
      },
    );
  });

  /** The operations of TensorFlow that the kernel asks for. */
  function operations(x: tf.Tensor, dy: tf.Tensor, pooling: Pooling): string[] {
    const asked: string[] = [];
    const { binding } = node();
    const executeOp: typeof binding.executeOp = (op, ...rest) => {
      asked.push(op);
      return binding.executeOp(op, ...rest);
    };
    const watchedBinding = Object.create(binding, { executeOp: { value: executeOp } });
    const backend = Object.create(node(), { binding: { value: watchedBinding } });
    const inputs = { dy, input: x, output: dy };
    maxPoolGrad.kernelFunc({ inputs, attrs: attrsOf(pooling) as unknown as tf.NamedAttrMap, backend });
    return asked;
  }

  test.each(apart)('by windows of %j, strides %j, %s, which lie apart, is oneDNN’s', (...pooling) => {
    const [x, dy] = [tf.ones(SHAPE), tf.ones(shapeOf(pooling))];
    expect(operations(x, dy, pooling)).toContain('_MklNativeMaxPoolGrad');
  });

  test.each([
    ['windows overlap', tf.ones, overlapping[0]!],
    ['a number is NaN', (shape: number[]) => tf.fill(shape, NaN), apart[0]!],
    ['numbers are as low as float32 goes', (shape: number[]) => tf.fill(shape, LOWEST), apart[0]!],
  ])('is TensorFlow’s own where %s', (_, filled, pooling) => {
    const [x, dy] = [filled(SHAPE), tf.ones(shapeOf(pooling))];
    const asked = operations(x, dy, pooling);
    expect(asked).toContain('MaxPoolGrad');
    expect(asked).not.toContain('_MklNativeMaxPoolGrad');
  });

  test('of few numbers goes to the first of the largest', () => {
    const x = tf.tensor4d([1, 3, 3, 2], [1, 2, 2, 1]);
    const pooling: Pooling = [[2, 2], [2, 2], 'valid'];
    expect([...gradient(x, tf.tensor4d([5], [1, 1, 1, 1]), pooling)]).toEqual([0, 5, 0, 0]);
  });

  test('of images smaller than the window is zero', () => {
    const [x, dy] = [tf.ones([5000, 4, 4, 2]), tf.ones([5000, 0, 0, 2])];
    const found = gradient(x, dy, [[5, 5], [5, 5], 'valid']);
    expect(differences(found, new Float32Array(x.size))).toEqual([]);
  });

  test('leaves nothing behind in TensorFlow, also when dy has the wrong shape', () => {
    const x = tf.ones(SHAPE);
    const pooling = apart[0]!;
    const right = tf.ones(shapeOf(pooling));
    const wrong = tf.slice(right, 0, 1);
    tf.tidy(() => gradient(x, right, pooling));
    const before = node().binding.getNumOfTensors();
    tf.tidy(() => gradient(x, right, pooling));
    expect(() => tf.tidy(() => gradient(x, wrong, pooling))).toThrow();
    expect(node().binding.getNumOfTensors()).toBe(before);
  });

  test('is refused where the padding is a number', () => {
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
    const attrs = { filterSize: 2, strides: 2, pad: 1 };
    const inputs = { dy: x, input: x, output: x };
    expect(() => tf.engine().runKernel('MaxPoolGrad', inputs, attrs)).toThrow(
      "maxPoolGrad on tensorflow takes pad 'same' or 'valid', got 1",
    );
  });
});
