import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { blocksOf } from '../../src/curvature/blocksOf.js';
import { blockTraces } from '../../src/curvature/blockTraces.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { curvatureOver } from '../../src/curvature/curvatureOver.js';
import { hutchinson } from '../../src/curvature/spectrum/hutchinson.js';
import { lanczos } from '../../src/curvature/spectrum/lanczos.js';
import { objectiveOf } from '../conformance/objectiveOf.js';
import { golden } from '../golden.js';
import { onBackends } from './onBackends.js';

const variables = (...names: string[]) => names.map((name, i) => tf.variable(tf.tensor1d([i + 1, i + 2]), true, name));

onBackends(() => {
  test.each(['linear-softmax', 'mlp-tanh'] as const)(
    'the blocks of %s, parameter by parameter, are those of JAX',
    (name) => {
      const { objective, expected, dispose } = golden(name);
      const curvature = curvatureOf(objective);
      const { topEigenvalue: scale, frobenius } = expected.hessian;
      for (const { name, dimension, ...block } of blocksOf(curvature, { by: 'parameter' })) {
        const key = name.slice(name.indexOf('/') + 1);
        const top = lanczos(block.hessian, { random: random(1), tolerance: 1e-3 }).value;
        expect(Math.abs(top - expected.hessian.blocks[key]!.topEigenvalue) / scale).toBeLessThan(1e-3);
        for (const part of ['hessian', 'gaussNewton', 'nme'] as const) {
          const products = (v: Float64Array) => ({ a: block[part]!.apply(v) });
          const { trace } = hutchinson(products, { dimension, samples: 'exact', random: random(1) }).a;
          expect(Math.abs(trace.value - expected[part].blocks[key]!.trace) / frobenius).toBeLessThan(1e-5);
        }
      }
      curvature.dispose();
      dispose();
    },
  );

  test('traces of all blocks at once are those of JAX within 4 standard errors, and add up to that of the whole', () => {
    const { objective, expected, dispose } = golden('mlp-tanh');
    const curvature = curvatureOf(objective);
    const blocks = blocksOf(curvature, { by: 'parameter' });
    const samples = 50;
    const traces = blockTraces(curvature.hessian, blocks, { samples, random: random(2) });
    for (const [name, { value, standardError }] of traces) {
      const { trace } = expected.hessian.blocks[name.slice(name.indexOf('/') + 1)]!;
      expect(Math.abs(value - trace)).toBeLessThan(4 * standardError);
    }
    const products = (v: Float64Array) => ({ a: curvature.hessian.apply(v) });
    const whole = hutchinson(products, { dimension: curvature.dimension, samples, random: random(2) }).a.trace.value;
    expect([...traces.values()].reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(whole, 8);
    curvature.dispose();
    dispose();
  });
});

test('a layer gathers what its name holds, also where others lie between', () => {
  const params = variables('a/kernel', 'b/kernel', 'a/bias', 'loose');
  const [ak, bk, ab, loose] = params as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  // Σ ak² ab² + Σ bk³ + Σ ak bk + Σ loose²
  const loss = () => tf.addN([tf.mul(tf.square(ak), tf.square(ab)), tf.pow(bk, 3), tf.mul(ak, bk), tf.square(loose)]);
  const curvature = curvatureOf(objectiveOf(params, loss));
  const blocks = blocksOf(curvature);
  expect(blocks.map(({ name, dimension }) => [name, dimension])).toEqual([
    ['a', 4],
    ['b', 2],
    ['loose', 2],
  ]);
  const [a, b] = blocks;
  expect(a!.params).toEqual([ak, ab]);
  expect([...a!.restrict(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8))]).toEqual([1, 2, 5, 6]);
  // ak = (1, 2), ab = (3, 4): 2 ab² = (18, 32), 4 ak ab = (12, 32), 2 ak² = (2, 8).
  expect([...a!.hessian.apply(Float64Array.of(1, 0, 0, 1))]).toEqual([18, 32, 12, 8]);
  expect([...b!.hessian.apply(Float64Array.of(1, 1))]).toEqual([12, 18]);
  expect(() => b!.hessian.apply(new Float64Array(8))).toThrow('hessian of b: v must hold 2 numbers, got 8');
  curvature.dispose();
  tf.dispose(params);
});

test('blocks of a curvature over many batches multiply several vectors together', () => {
  const params = variables('c/kernel', 'd/kernel');
  const objective = { ...objectiveOf(params, () => tf.mul(tf.square(params[0]!), tf.square(params[1]!))) };
  const batch = { x: tf.zeros([1, 1]), y: tf.zeros([1, 1]) };
  let passes = 0;
  const curvature = curvatureOver({ ...objective, withBatch: () => objective }, [batch], {
    onProgress: () => void passes++,
  });
  const [c] = blocksOf(curvature);
  const products = c!.hessian.applyAll!([Float64Array.of(1, 0), Float64Array.of(0, 1)]);
  expect(products.map((v) => [...v])).toEqual([
    [8, 0],
    [0, 18],
  ]);
  expect(passes).toBe(2);
  curvature.dispose();
  tf.dispose(params);
});

test('blocksOf and blockTraces refuse what they do not know', () => {
  const params = variables('e');
  const curvature = curvatureOf(objectiveOf(params, () => tf.square(params[0]!)));
  expect(() => blocksOf(curvature, { by: 'unit' as 'layer' })).toThrow("by must be 'layer' or 'parameter', got unit");
  expect(() => blockTraces(curvature.hessian, [], { samples: 1, random: random(1) })).toThrow(
    'blockTraces: samples must be an integer of at least 2',
  );
  curvature.dispose();
  tf.dispose(params);
});
