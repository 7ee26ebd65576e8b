import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import { repairGradients } from '../../../src/curvature/checks/repairGradients.js';
import { tryGradients } from '../../../src/curvature/checks/tryGradients.js';
import { wrongKernels } from '../../../src/curvature/checks/wrongKernels.js';
import { layGradients } from '../../../src/curvature/tape/layGradients.js';
import { twiceDifferentiable } from '../../../src/curvature/tape/twiceDifferentiable.js';
import { numbers } from '../../conformance/objectiveOf.js';
import { onBackends, start } from '../onBackends.js';

interface Case {
  readonly kernel: string;
  readonly x: () => tf.Tensor;
  readonly f: (x: tf.Tensor) => tf.Tensor;
  /** By hand. */
  readonly gradient: readonly number[];
  /** Whether the backend has it right by itself: TensorFlow its own kernels, wasm the repaired ones. */
  readonly right?: readonly string[];
}

const cases: readonly Case[] = [
  {
    // Each pixel over the pixels of its window that are inside the image.
    kernel: 'AvgPool',
    x: () => tf.ones([1, 3, 3, 1]),
    f: (x) => tf.sum(tf.avgPool(x as tf.Tensor4D, 2, 2, 'same')),
    gradient: [0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 1],
    right: ['tensorflow', 'wasm'],
  },
  {
    kernel: 'AvgPool3D',
    x: () => tf.ones([1, 3, 1, 1, 1]),
    f: (x) => tf.sum(tf.avgPool3d(x as tf.Tensor5D, [2, 1, 1], [2, 1, 1], 'same')),
    gradient: [0.5, 0.5, 1],
    right: ['tensorflow', 'wasm'],
  },
  {
    // The padded row is 2 1 2 3 2.
    kernel: 'MirrorPad',
    x: () => tf.tensor1d([1, 2, 3]),
    f: (x) => tf.sum(tf.square(tf.mirrorPad(x, [[1, 1]], 'reflect'))),
    gradient: [2, 12, 6],
  },
  {
    // Of [[a, b], [a + c, b + d]].
    kernel: 'Cumsum',
    x: () => tf.tensor2d([1, 2, 3, 4], [2, 2]),
    f: (x) => tf.sum(tf.square(tf.cumsum(x, 0))),
    gradient: [10, 16, 8, 12],
  },
  { kernel: 'Max', x: () => tf.tensor1d([2, 2, 1]), f: (x) => tf.max(x), gradient: [0.5, 0.5, 0] },
  { kernel: 'Min', x: () => tf.tensor1d([2, 1, 1]), f: (x) => tf.min(x), gradient: [0, 0.5, 0.5] },
  {
    // By a filter of 1 and 2: the first window has both pixels of its own, the second one of them and the padding.
    kernel: 'Conv3D',
    x: () => tf.ones([1, 3, 1, 1, 1]),
    f: (x) => tf.sum(tf.conv3d(x as tf.Tensor5D, tf.tensor5d([1, 2], [2, 1, 1, 1, 1]), [2, 1, 1], 'same')),
    gradient: [1, 2, 1],
    right: ['cpu', 'tensorflow', 'wasm'],
  },
  {
    // The centers of the four pixels of the result lie midway between four of the sixteen: means of blocks.
    kernel: 'ResizeBilinear',
    x: () => tf.reshape(tf.range(1, 17), [1, 4, 4, 1]),
    f: (x) => tf.sum(tf.square(tf.image.resizeBilinear(x as tf.Tensor4D, [2, 2], false, true))),
    gradient: [
      ...[1.75, 1.75, 2.75, 2.75, 1.75, 1.75, 2.75, 2.75],
      ...[5.75, 5.75, 6.75, 6.75, 5.75, 5.75, 6.75, 6.75],
    ],
  },
  {
    kernel: 'ResizeNearestNeighbor',
    x: () => tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 1, 6, 1]),
    // The pixels whose centers are at 1.5 and 4.5: the second and the fifth.
    f: (x) => tf.sum(tf.square(tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [1, 2], false, true))),
    gradient: [0, 4, 0, 0, 10, 0],
  },
];

const gradientOf = ({ x, f }: Case): number[] => tf.tidy(() => numbers(tf.grad(f)(x())));

const isClose = (found: readonly number[], wanted: readonly number[]): boolean =>
  found.every((d, i) => Math.abs(d - wanted[i]!) < 1e-5);

let undo = (): void => {};
afterEach(() => undo());

onBackends((backend) => {
  test.each(cases)('the gradient of $kernel is right once repaired, and as it was after the undo', (one) => {
    const stock = gradientOf(one);
    expect(isClose(stock, one.gradient)).toBe(one.right?.includes(backend) ?? false);
    undo = repairGradients();
    expect(isClose(gradientOf(one), one.gradient)).toBe(true);
    undo();
    expect(gradientOf(one)).toEqual(stock);
  });

  test.each(cases)('tried, the gradient of $kernel is named where it is wrong, and changed in no bit', (one) => {
    const stock = gradientOf(one);
    const before = tf.memory().numTensors;
    const { result, wrong } = tryGradients(() => gradientOf(one));
    expect(result).toEqual(stock);
    expect([...wrong.keys()]).toEqual(isClose(stock, one.gradient) ? [] : [one.kernel]);
    expect(tf.memory().numTensors).toBe(before);
    undo = repairGradients();
    expect(tryGradients(() => gradientOf(one)).wrong.size).toBe(0);
  });

  test.each<[string, (x: tf.Tensor) => tf.Tensor, number[]]>([
    [
      'a pool within the image',
      (x) => tf.max(tf.avgPool(x as tf.Tensor4D, 2, 1, 'valid')),
      [3, 1, 4, 1, 5, 9, 2, 6, 8],
    ],
    ['a single largest element', (x) => tf.max(x), [3, 1, 4, 1, 5, 9, 2, 6, 8]],
    // What flows back to the largest cancels but for rounding.
    ['a log-sum-exp of equals', (x) => tf.logSumExp(tf.mul(x, 0.3)), Array(9).fill(1)],
  ])('what is right in its place is not named: %s', (_, f, values) => {
    const gradient = () => tf.tidy(() => numbers(tf.grad(f)(tf.tensor4d(values, [1, 3, 3, 1]))));
    expect([...tryGradients(gradient).wrong]).toEqual([]);
  });

  test('ties of zeros are ties', () => {
    const largest = (x: tf.Tensor) => tf.sum(tf.mul(tf.max(x, 1), tf.tensor1d([1, -1])));
    const { wrong } = tryGradients(() => tf.tidy(() => numbers(tf.grad(largest)(tf.zeros([2, 3])))));
    expect([...wrong.keys()]).toEqual(['Max']);
  });

  test('a gradient of zeros that must not be zero is named', () => {
    const lost: tf.GradConfig = {
      kernelName: 'Cumsum',
      inputsToSave: ['x'],
      gradFunc: (_, [x]) => ({ x: () => tf.zerosLike(x!) }),
    };
    undo = layGradients([lost]);
    const { wrong } = tryGradients(() => gradientOf(cases.find(({ kernel }) => kernel === 'Cumsum')!));
    expect([...wrong.keys()]).toEqual(['Cumsum']);
  });
});

describe('the repair', () => {
  const [pool] = cases as [Case];
  const registry = () => wrongKernels.map((kernel) => tf.getGradient(kernel));
  const isRight = (): boolean => isClose(gradientOf(pool), pool.gradient);

  test('there is a case for each kernel that it mends', () => {
    expect([...wrongKernels].sort()).toEqual(cases.map(({ kernel }) => kernel).sort());
  });

  test('made twice is made once, and undone twice undone once', async () => {
    await start('cpu');
    const before = registry();
    const first = repairGradients();
    undo = repairGradients();
    expect(undo).toBe(first);
    undo();
    undo();
    expect(registry()).toEqual(before);
    undo = repairGradients();
    expect(isRight()).toBe(true);
  });

  test('outlives the scopes within it, and one that it was made in', async () => {
    await start('cpu');
    const before = registry();
    twiceDifferentiable(() => {
      undo = repairGradients();
    });
    expect(isRight()).toBe(true);
    twiceDifferentiable(() => {});
    expect(isRight()).toBe(true);
    twiceDifferentiable(() => {
      undo();
      expect(isRight()).toBe(true);
    });
    expect(registry()).toEqual(before);
    expect(isRight()).toBe(false);
  });

  test('holds on whichever backend comes later, and beside the repair of wasm', async () => {
    await start('cpu');
    undo = repairGradients();
    await start('wasm');
    expect(isRight()).toBe(true);
    repairWasm()();
    expect(isRight()).toBe(true);
    undo();
    expect(isRight()).toBe(false);
    repairWasm();
    expect(isRight()).toBe(true);
  });

  test.each(cases.filter(({ right }) => right?.includes('wasm')))(
    'mends $kernel on wasm as tfjs ships it, which tried is named',
    async (one) => {
      await start('wasm');
      repairWasm()();
      const { result, wrong } = tryGradients(() => gradientOf(one));
      expect(isClose(result, one.gradient)).toBe(false);
      expect([...wrong.keys()]).toEqual([one.kernel]);
      undo = repairGradients();
      expect(isClose(gradientOf(one), one.gradient)).toBe(true);
    },
  );

  test('leaves a gradient that somebody registered over it', async () => {
    await start('cpu');
    const stock = tf.getGradient('MirrorPad');
    undo = repairGradients();
    const theirs: tf.GradConfig = { kernelName: 'MirrorPad', gradFunc: () => ({}) };
    tf.unregisterGradient('MirrorPad');
    tf.registerGradient(theirs);
    undo();
    expect(tf.getGradient('MirrorPad')).toBe(theirs);
    tf.unregisterGradient('MirrorPad');
    tf.registerGradient(stock as unknown as tf.GradConfig);
  });
});
