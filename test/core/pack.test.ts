import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { pack, unpack } from '../../src/core/pack.js';

beforeAll(() => tf.setBackend('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const roundTrip = (tensor: tf.Tensor): tf.Tensor => unpack(JSON.parse(JSON.stringify(pack(tensor))));
const bits = (tensor: tf.Tensor): number[] => {
  const { buffer, byteOffset, byteLength } = tensor.dataSync();
  return [...new Uint8Array(buffer, byteOffset, byteLength)];
};

test('every float32 comes back bit for bit through JSON, in its shape', () => {
  fc.assert(
    fc.property(fc.float32Array({ minLength: 1, maxLength: 40 }), (values) => {
      const tensor = tf.tensor(values, [1, values.length]);
      const back = roundTrip(tensor);
      expect([back.shape, back.dtype]).toEqual([tensor.shape, 'float32']);
      expect(bits(back)).toEqual(bits(tensor));
    }),
  );
});

test('not a number, infinities, the two zeros and the smallest number come back as they are', () => {
  const odd = [Number.NaN, Infinity, -Infinity, 0, -0, 2 ** -149];
  expect([...roundTrip(tf.tensor1d(odd)).dataSync()]).toEqual(odd);
});

test('whole numbers and booleans come back, and a scalar and a tensor of nothing', () => {
  const given = [tf.tensor([2 ** 31 - 1, -(2 ** 31)], [2], 'int32'), tf.tensor([true, false, true], [3], 'bool')];
  for (const tensor of [...given, tf.scalar(0.1), tf.zeros([0, 3])]) {
    const back = roundTrip(tensor);
    expect([back.dtype, back.shape, bits(back)]).toEqual([tensor.dtype, tensor.shape, bits(tensor)]);
  }
});

test('one and a half is written as the bytes of IEEE 754, little-endian', () => {
  expect(pack(tf.tensor1d([1.5]))).toEqual({ dtype: 'float32', shape: [1], base64: 'AADAPw==' });
});

test('a tensor of a million numbers is packed and unpacked', () => {
  const large = tf.range(0, 1_000_000);
  expect(tf.all(tf.equal(roundTrip(large), large)).dataSync()[0]).toBe(1);
});

test('packing makes no tensor, and unpacking one', () => {
  const tensor = tf.tensor1d([1, 2]);
  const before = tf.memory().numTensors;
  const packed = pack(tensor);
  expect(tf.memory().numTensors).toBe(before);
  unpack(packed);
  expect(tf.memory().numTensors).toBe(before + 1);
});

test('strings are refused, and bytes that are fewer than the shape says', () => {
  expect(() => pack(tf.tensor1d(['a']))).toThrow('pack: the tensor must be one of float32, int32, bool, got string');
  const packed = { ...pack(tf.tensor1d([1, 2])), shape: [3] };
  expect(() => unpack(packed)).toThrow('unpack: a tensor [3] of float32 takes 12 bytes, got 8');
});
