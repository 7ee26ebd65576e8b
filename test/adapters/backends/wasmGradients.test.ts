import '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import { cellsOf, eachPair, type Geometry, geometryOf, outsOf, tapsOf } from './naiveWindows.js';

let undo: () => void;
beforeAll(async () => {
  undo = repairWasm();
  await tf.setBackend('wasm');
});
afterAll(() => undo());

/** Numbers in (−1, 1), the same ones for the same seed. */
const noise = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);

/** In units of the largest expected number. */
function expectClose(actual: tf.Tensor, expected: Float64Array, shape: readonly number[]): void {
  expect(actual.shape).toEqual(shape);
  const scale = expected.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  const worst = (actual.dataSync() as Float32Array).reduce((m, v, i) => Math.max(m, Math.abs(v - expected[i]!)), 0);
  expect(worst / scale).toBeLessThan(2e-6);
}

function leavingNothing(f: () => void): void {
  const count = () => [tf.memory().numTensors, tf.memory().numDataBuffers, tf.engine().backend.numDataIds()];
  const before = count();
  tf.tidy(f);
  expect(count()).toEqual(before);
}

type Pad = 'same' | 'valid' | number;
type Pair = [number, number];
type Triple = [number, number, number];

describe('depthwise convolution on repaired wasm, and its gradients, equal float64', () => {
  const pads: Pad[] = ['same', 'valid', 1, 3];
  const cases = pads.flatMap((pad) =>
    (
      [
        [[3, 3], 1, 1, 5],
        [[3, 3], 1, 2, 3],
        [[3, 3], 2, 1, 5],
        [[2, 5], 1, 3, 2],
        [[1, 1], 1, 2, 3],
        [[4, 2], 2, 2, 1],
      ] as [Pair, number, number, number][]
    ).map(([window, stride, multiplier, channels]) => ({ pad, window, stride, multiplier, channels })),
  );
  test.each(cases)('pad $pad, filter $window, stride $stride, $multiplier filters for each of $channels', (c) => {
    const { pad, window, stride, multiplier, channels } = c;
    const g = geometryOf(2, [7, 9], window, [stride, stride], pad);
    leavingNothing(() => {
      const x = noise([2, 7, 9, channels], 1);
      const w = noise([...window, channels, multiplier], 2);
      const dy = noise([2, ...g.output, channels * multiplier], 3);
      const layer = (x: tf.Tensor, w: tf.Tensor) =>
        tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, [stride, stride], pad);
      const expected = depthwise(g, channels, multiplier, x.dataSync(), w.dataSync(), dy.dataSync());
      expectClose(layer(x, w), expected.y, dy.shape);
      const [dx, dw] = tf.grads(layer)([x, w], dy);
      expectClose(dx!, expected.dx, x.shape);
      expectClose(dw!, expected.dw, w.shape);
    });
  });

  type Numbers = ArrayLike<number>;
  function depthwise(g: Geometry, channels: number, multiplier: number, x: Numbers, w: Numbers, dy: Numbers) {
    const dx = new Float64Array(cellsOf(g) * channels);
    const dw = new Float64Array(tapsOf(g) * channels * multiplier);
    const y = new Float64Array(outsOf(g) * channels * multiplier);
    eachPair(g, (cell, tap, out) => {
      for (let c = 0; c < channels; c++)
        for (let k = 0; k < multiplier; k++) {
          const [xi, own] = [cell * channels + c, c * multiplier + k];
          const [wi, yi] = [tap * channels * multiplier + own, out * channels * multiplier + own];
          y[yi]! += x[xi]! * w[wi]!;
          dx[xi]! += w[wi]! * dy[yi]!;
          dw[wi]! += x[xi]! * dy[yi]!;
        }
    });
    return { y, dx, dw };
  }
});

/** y, dX and dW of a full convolution. */
function convolution(g: Geometry, [cin, cout]: Pair, xt: tf.Tensor, wt: tf.Tensor, dyt: tf.Tensor) {
  const [x, w, dy] = [xt.dataSync(), wt.dataSync(), dyt.dataSync()];
  const dx = new Float64Array(cellsOf(g) * cin);
  const dw = new Float64Array(tapsOf(g) * cin * cout);
  const y = new Float64Array(outsOf(g) * cout);
  eachPair(g, (cell, tap, out) => {
    for (let c = 0; c < cin; c++)
      for (let o = 0; o < cout; o++) {
        const [xi, wi, yi] = [cell * cin + c, (tap * cin + c) * cout + o, out * cout + o];
        y[yi]! += x[xi]! * w[wi]!;
        dx[xi]! += w[wi]! * dy[yi]!;
        dw[wi]! += x[xi]! * dy[yi]!;
      }
  });
  return { y, dx, dw };
}

describe('conv3d on repaired wasm, and its gradients, equal float64', () => {
  const windows: [Triple, Triple][] = [
    [
      [3, 3, 3],
      [1, 1, 1],
    ],
    [
      [2, 2, 2],
      [2, 2, 2],
    ],
    [
      [1, 3, 2],
      [1, 2, 3],
    ],
  ];
  const cases = (['same', 'valid'] as const).flatMap((pad) =>
    windows.map(([window, strides]) => ({ pad, window, strides })),
  );
  test.each(cases)('pad $pad, filter $window, strides $strides', ({ pad, window, strides }) => {
    const g = geometryOf(2, [4, 5, 6], window, strides, pad);
    leavingNothing(() => {
      const x = noise([2, 4, 5, 6, 3], 1);
      const w = noise([...window, 3, 2], 2);
      const dy = noise([2, ...g.output, 2], 3);
      const layer = (x: tf.Tensor, w: tf.Tensor) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, strides, pad);
      const expected = convolution(g, [3, 2], x, w, dy);
      expectClose(layer(x, w), expected.y, dy.shape);
      const [dx, dw] = tf.grads(layer)([x, w], dy);
      expectClose(dx!, expected.dx, x.shape);
      expectClose(dw!, expected.dw, w.shape);
    });
  });
});

describe('with a number for padding and unequal sides, on repaired wasm', () => {
  // Large enough that an output of the wrong width overwrites what lies behind it.
  const input: Pair = [40, 33];
  const cases: { window: Pair; strides: Pair }[] = [
    { window: [3, 3], strides: [1, 3] },
    { window: [3, 3], strides: [3, 1] },
    { window: [5, 2], strides: [1, 1] },
    { window: [2, 3], strides: [2, 1] },
  ];
  test.each(cases)('conv2d and its gradients equal float64: filter $window, strides $strides', (c) => {
    const g = geometryOf(2, input, c.window, c.strides, 1);
    leavingNothing(() => {
      const [x, w] = [noise([2, ...input, 3], 1), noise([...c.window, 3, 4], 2)];
      const dy = noise([2, ...g.output, 4], 3);
      const layer = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, c.strides, 1);
      const expected = convolution(g, [3, 4], x, w, dy);
      expectClose(layer(x, w), expected.y, dy.shape);
      const [filter, bias] = [w as tf.Tensor4D, tf.zeros([4])];
      const fused = tf.fused.conv2d({ x: x as tf.Tensor4D, filter, strides: c.strides, pad: 1, bias });
      expectClose(fused, expected.y, dy.shape);
      const [dx, dw] = tf.grads(layer)([x, w], dy);
      expectClose(dx!, expected.dx, x.shape);
      expectClose(dw!, expected.dw, w.shape);
    });
  });

  test.each(cases)('average and maximum pooling equal float64: window $window, strides $strides', (c) => {
    const g = geometryOf(2, input, c.window, c.strides, 1);
    leavingNothing(() => {
      const x = noise([2, ...input, 3], 1);
      const expected = pooling(g, 3, x, tf.zeros([2, ...g.output, 3]));
      const shape = [2, ...g.output, 3];
      expectClose(tf.avgPool(x as tf.Tensor4D, c.window, c.strides, 1), expected.average, shape);
      expectClose(tf.maxPool(x as tf.Tensor4D, c.window, c.strides, 1), expected.largest, shape);
    });
  });
});

/** Average and largest of each window, and what flows back through each. */
function pooling(g: Geometry, channels: number, xt: tf.Tensor, dyt: tf.Tensor) {
  const [x, dy] = [xt.dataSync(), dyt.dataSync()];
  const windows = Array.from({ length: outsOf(g) }, (): number[] => []);
  eachPair(g, (cell, _, out) => windows[out]!.push(cell));
  const zeros = (n: number) => new Float64Array(n * channels);
  const [average, largest] = [zeros(outsOf(g)), zeros(outsOf(g))];
  const [throughAverage, throughLargest] = [zeros(cellsOf(g)), zeros(cellsOf(g))];
  windows.forEach((cells, out) => {
    for (let c = 0; c < channels; c++) {
      const at = cells.map((cell) => cell * channels + c);
      const values = at.map((i) => x[i]!);
      const o = out * channels + c;
      average[o] = values.reduce((sum, v) => sum + v, 0) / values.length;
      largest[o] = Math.max(...values);
      for (const i of at) throughAverage[i]! += dy[o]! / values.length;
      throughLargest[at[values.indexOf(largest[o]!)]!]! += dy[o]!;
    }
  });
  return { average, largest, throughAverage, throughLargest };
}

describe('pooling on repaired wasm, and its gradients, equal float64', () => {
  const inPlane = [
    { input: [5, 6], window: [2, 2], strides: [2, 2] },
    { input: [7, 6], window: [3, 3], strides: [2, 2] },
    { input: [7, 6], window: [3, 3], strides: [1, 1] },
    { input: [8, 5], window: [2, 3], strides: [3, 1] },
  ];
  const inSpace = [
    { input: [4, 5, 6], window: [2, 2, 2], strides: [2, 2, 2] },
    { input: [5, 4, 3], window: [3, 3, 3], strides: [1, 2, 2] },
    { input: [3, 6, 5], window: [1, 2, 3], strides: [1, 1, 1] },
    { input: [4, 3, 6], window: [1, 2, 2], strides: [2, 1, 3] },
  ];
  const cases = [...inPlane, ...inSpace].flatMap((c) => (['same', 'valid'] as const).map((pad) => ({ ...c, pad })));
  test.each(cases)('over $input, window $window, strides $strides, pad $pad', ({ input, window, strides, pad }) => {
    const g = geometryOf(2, input, window, strides, pad);
    leavingNothing(() => {
      // Mostly below 0, so that whole windows are.
      const x = tf.sub(noise([2, ...input, 3], 1), 0.7);
      const dy = noise([2, ...g.output, 3], 2);
      const [averaged, largest] = input.length === 2 ? planar() : spatial();
      const expected = pooling(g, 3, x, dy);
      expectClose(averaged(x), expected.average, dy.shape);
      expectClose(largest(x), expected.largest, dy.shape);
      expectClose(tf.grad(averaged)(x, dy), expected.throughAverage, x.shape);
      expectClose(tf.grad(largest)(x, dy), expected.throughLargest, x.shape);
    });

    type Pool = (x: tf.Tensor) => tf.Tensor;
    function planar(): [Pool, Pool] {
      const [w, s] = [window as Pair, strides as Pair];
      return [(x) => tf.avgPool(x as tf.Tensor4D, w, s, pad), (x) => tf.maxPool(x as tf.Tensor4D, w, s, pad)];
    }
    function spatial(): [Pool, Pool] {
      const [w, s] = [window as Triple, strides as Triple];
      return [(x) => tf.avgPool3d(x as tf.Tensor5D, w, s, pad), (x) => tf.maxPool3d(x as tf.Tensor5D, w, s, pad)];
    }
  });
});

test('rows of one number are summed, those of none are zero, and a number that is no segment is left out', () => {
  leavingNothing(() => {
    const x = tf.tensor2d([
      [1, 2],
      [10, 20],
      [100, 200],
      [1000, 2000],
      [5, 5],
    ]);
    const sums = tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2, -1, 4], 'int32'), 4);
    expect(sums.arraySync()).toEqual([
      [10, 20],
      [0, 0],
      [101, 202],
      [0, 0],
    ]);
  });
});

test.each([0, 1, 2])('the gradient of a gather along axis %s adds up what was taken more than once', (axis) => {
  leavingNothing(() => {
    const x = noise([3, 4, 5], 1);
    const picked = [2, 0, 2];
    const shape = x.shape.map((n, d) => (d === axis ? picked.length : n));
    const dy = noise(shape, 2);
    const dx = tf.grad((x: tf.Tensor) => tf.gather(x, tf.tensor1d(picked, 'int32'), axis))(x, dy);
    const expected = new Float64Array(x.size);
    const [sizes, at] = [dy.shape, dy.dataSync()];
    at.forEach((value, i) => {
      const place = [Math.floor(i / (sizes[1]! * sizes[2]!)), Math.floor(i / sizes[2]!) % sizes[1]!, i % sizes[2]!];
      place[axis] = picked[place[axis]!]!;
      expected[(place[0]! * 4 + place[1]!) * 5 + place[2]!]! += value;
    });
    expectClose(dx, expected, x.shape);
  });
});
