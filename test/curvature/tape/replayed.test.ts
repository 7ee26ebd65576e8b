import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Replayed, replayed } from '../../../src/curvature/tape/replayed.js';
import { onBackends } from '../onBackends.js';

type Lists = (xs: readonly tf.Tensor[]) => tf.Tensor[];

onBackends(() => {
  let before = 0;
  const open: { dispose(): void }[] = [];
  const replay = (f: Lists): Replayed => {
    const made = replayed(f);
    open.push(made);
    return made;
  };
  const given = (values: number[]): tf.Tensor => {
    const x = tf.tensor1d(values);
    open.push(x);
    return x;
  };
  const numbers = (made: readonly tf.Tensor[]): number[][] =>
    made.map((y) => {
      const values = [...y.dataSync()];
      y.dispose();
      return values;
    });
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    for (const held of open.splice(0)) held.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('what spreads over another needs no dimensions of 1 put ahead, and its result has the shape it had', () => {
    const f = replay(([x, y]) => [
      tf.add(
        tf.reshape(x!, [1, 2]),
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
      ),
      tf.mul(tf.reshape(x!, [1, 2]), tf.reshape(y!, [1, 2])),
      tf.sub(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.reshape(y!, [2, 1]),
      ),
      tf.div(tf.reshape(x!, [1, 1, 2]), tf.reshape(y!, [1, 2])),
    ]);
    for (const values of [
      [1, 2],
      [3, 5],
    ]) {
      const [x, y] = [given(values), given(values.map((v) => 2 * v))];
      const made = f([x, y]);
      expect(made.map(({ shape }) => shape)).toEqual([
        [2, 2],
        [1, 2],
        [2, 2],
        [1, 1, 2],
      ]);
      const [a, b] = values as [number, number];
      expect(numbers(made)).toEqual([
        [1 + a, 2 + b, 3 + a, 4 + b],
        [2 * a * a, 2 * b * b],
        [1 - 2 * a, 2 - 2 * a, 3 - 2 * b, 4 - 2 * b],
        [0.5, 0.5],
      ]);
    }
  });

  test('every run gives what the function makes of its own arguments', () => {
    const f = replay(([x, y]) => [
      tf.add(tf.mul(x!, y!), tf.exp(tf.scalar(0))),
      tf.concat([tf.neg(x!), tf.tensor1d([7]), y!]),
      tf.sum(y!),
    ]);
    expect(numbers(f([given([1, 2]), given([3, 4])]))).toEqual([[4, 9], [-1, -2, 7, 3, 4], [7]]);
    expect(numbers(f([given([5, 6]), given([7, 8])]))).toEqual([[36, 49], [-5, -6, 7, 7, 8], [15]]);
    expect(numbers(f([given([1, -1]), given([2, 2])]))).toEqual([[3, -1], [-1, 1, 7, 2, 2], [4]]);
  });

  test('what does not depend on the arguments is computed once', async () => {
    const f: Lists = ([x]) => [tf.mul(x!, tf.exp(tf.scalar(1)))];
    const again = replay(f);
    const x = given([2]);
    expect(numbers(again([x]))[0]![0]).toBeCloseTo(2 * Math.E, 5);
    const { kernels, result } = await tf.profile(() => again([x])[0]!);
    expect(kernels.map(({ name }) => name)).toEqual(['Multiply']);
    expect(numbers([result as tf.Tensor])[0]![0]).toBeCloseTo(2 * Math.E, 5);
  });

  test('clones are not run again, nor reshapes that lead back or on to another', async () => {
    const f = replay(([x]) => {
      const column = tf.reshape(tf.clone(x!), [4, 1]);
      return [tf.neg(tf.reshape(tf.reshape(column, [1, 4]), [2, 2])), tf.square(tf.reshape(column, [4]))];
    });
    const x = given([1, 2, 3, 4]);
    numbers(f([x]));
    const { kernels, result } = await tf.profile(() => ({ made: f([x]) }) as never);
    const { made } = result as unknown as { made: tf.Tensor[] };
    expect(kernels.map(({ name }) => name)).toEqual(['Reshape', 'Neg', 'Square']);
    expect(made.map(({ shape }) => shape)).toEqual([[2, 2], [4]]);
    expect(numbers(made)).toEqual([
      [-1, -2, -3, -4],
      [1, 4, 9, 16],
    ]);
  });

  test('a value is freed behind the last kernel that reads it', async () => {
    const size = 1000;
    const f = replay(([x]) => [[...Array(20)].reduce((y: tf.Tensor) => tf.add(y, 1), x!)]);
    const x = given(new Array(size).fill(0));
    expect(numbers(f([x]))[0]![0]).toBe(20);
    const bytes = tf.memory().numBytes;
    const { peakBytes, result } = await tf.profile(() => f([x])[0]!);
    expect(numbers([result as tf.Tensor])[0]![0]).toBe(20);
    expect(peakBytes - bytes).toBeLessThanOrEqual(2 * 4 * size);
  });

  test('the caller owns every result, also one that is an argument, another result, or always the same', () => {
    const f = replay(([x]) => {
      const y = tf.neg(x!);
      return [tf.clone(x!), y, tf.clone(y), tf.tensor1d([5])];
    });
    const x = given([1]);
    for (const run of [1, 2, 3]) {
      expect(numbers(f([x])), `run ${run}`).toEqual([[1], [-1], [-1], [5]]);
      expect(x.isDisposed).toBe(false);
    }
  });

  test('a function that reads values of what depends on its arguments runs as it is', () => {
    const f = replay(([x]) => [tf.mul(x!, tf.square(x!).dataSync()[0]!)]);
    expect(numbers(f([given([2])]))).toEqual([[8]]);
    expect(numbers(f([given([3])]))).toEqual([[27]]);
  });

  test('values that do not depend on them may be read', async () => {
    const f = replay(([x]) => [tf.mul(x!, tf.exp(tf.scalar(0)).dataSync()[0]!)]);
    const x = given([2]);
    numbers(f([x]));
    const { kernels, result } = await tf.profile(() => f([x])[0]!);
    expect(kernels.map(({ name }) => name)).toEqual(['Multiply']);
    expect(numbers([result as tf.Tensor])).toEqual([[2]]);
  });

  test('a tensor that the function knows as its own, and is given once, stays what it was', () => {
    const known = given([2]);
    const same = tf.clone(known);
    open.push(same);
    const f = replay(([x]) => [tf.mul(x!, known)]);
    for (const first of [known, same]) {
      expect(numbers(f([first]))).toEqual([[4]]);
      expect(numbers(f([given([5])]))).toEqual([[10]]);
      expect(numbers(f([given([6])]))).toEqual([[12]]);
      f.dispose();
    }
  });

  test('what the function frees itself is not missed', () => {
    const f = replay(([x]) => {
      const factor = tf.exp(tf.scalar(0));
      const y = tf.mul(x!, factor);
      factor.dispose();
      return [y];
    });
    expect(numbers(f([given([2])]))).toEqual([[2]]);
    expect(numbers(f([given([3])]))).toEqual([[3]]);
  });

  test('a kernel that hands its own input on is taken as the function has it', () => {
    const kernel = {
      kernelName: 'HandOn',
      backendName: tf.getBackend(),
      kernelFunc: ({ inputs }) => inputs.x!,
    } as tf.KernelConfig;
    tf.registerKernel(kernel);
    try {
      const f = replay(([x]) => {
        const y = tf.neg(x!);
        return [tf.add(tf.engine().runKernel('HandOn', { x: y }) as tf.Tensor, y)];
      });
      expect(numbers(f([given([2])]))).toEqual([[-4]]);
      expect(numbers(f([given([3])]))).toEqual([[-6]]);
    } finally {
      tf.unregisterKernel(kernel.kernelName, kernel.backendName);
    }
  });

  test('it can be differentiated, before its first run and after', () => {
    const f = replay(([x]) => [tf.square(x!)]);
    const slope = (at: number): number => {
      const x = given([at]);
      return tf.tidy(
        () =>
          tf
            .grad((z: tf.Tensor) => f([z])[0]!)(x)
            .dataSync()[0]!,
      );
    };
    expect(slope(3)).toBe(6);
    expect(numbers(f([given([3])]))).toEqual([[9]]);
    expect(slope(4)).toBe(8);
  });

  test('one may run inside of another', () => {
    const inner = replay(([x]) => [tf.mul(x!, tf.exp(tf.scalar(0)))]);
    const outer = replay(([x]) => inner([tf.add(x!, 1)]));
    for (const at of [1, 2, 3]) expect(numbers(outer([given([at])]))).toEqual([[at + 1]]);
    for (const at of [1, 2]) expect(numbers(inner([given([at])]))).toEqual([[at]]);
  });

  test('a function that throws leaves the engine as it was, and may do better the next time', () => {
    const engine = tf.engine();
    const own = Object.getOwnPropertyNames(engine);
    let fails = true;
    const f = replay(([x]) => {
      const y = tf.mul(x!, tf.exp(tf.scalar(0)));
      if (fails) throw new Error('not now');
      return [y];
    });
    expect(() => f([given([2])])).toThrow('not now');
    expect(Object.getOwnPropertyNames(engine)).toEqual(own);
    fails = false;
    expect(numbers(f([given([2])]))).toEqual([[2]]);
    expect(numbers(f([given([3])]))).toEqual([[3]]);
  });

  test('once disposed of it holds nothing, and begins anew', () => {
    const f = replay(([x]) => [tf.mul(x!, tf.exp(tf.scalar(0)))]);
    const x = given([2]);
    numbers(f([x]));
    const held = tf.memory().numTensors;
    f.dispose();
    expect(tf.memory().numTensors).toBe(held - 1);
    expect(numbers(f([x]))).toEqual([[2]]);
  });
});
