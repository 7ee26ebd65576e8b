import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { random } from '../../src/core/random.js';
import { blockForms } from '../../src/curvature/blockForms.js';
import { blocksOf } from '../../src/curvature/blocksOf.js';
import { blockTraces } from '../../src/curvature/blockTraces.js';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { objectiveOf } from '../conformance/objectiveOf.js';

/** The entries from start to end. */
const block = (name: string, start: number, end: number) => ({
  name,
  inner: (a: Float64Array, b: Float64Array) => a.slice(start, end).reduce((sum, x, i) => sum + x * b[start + i]!, 0),
});

test('forms are summed over a block, sample by sample, before their spread is taken', () => {
  const forms = blockForms([block('a', 0, 2), block('b', 2, 3)]);
  forms.see(Float64Array.of(1, 1, 1), Float64Array.of(1, 5, 7));
  forms.see(Float64Array.of(-1, 1, -1), Float64Array.of(-5, 1, -9));
  expect([...forms.traces(false)]).toEqual([
    ['a', { value: 6, standardError: 0 }],
    ['b', { value: 8, standardError: 1 }],
  ]);
});

test('forms of unit vectors add up to the traces, without an error', () => {
  const forms = blockForms([block('a', 0, 2), block('b', 2, 3)]);
  forms.see(Float64Array.of(1, 0, 0), Float64Array.of(1, 9, 9));
  forms.see(Float64Array.of(0, 1, 0), Float64Array.of(9, 2, 9));
  forms.see(Float64Array.of(0, 0, 1), Float64Array.of(9, 9, -4));
  expect([...forms.traces(true)]).toEqual([
    ['a', { value: 3, standardError: 0 }],
    ['b', { value: -4, standardError: 0 }],
  ]);
});

test('blockTraces are exact by unit vectors, whatever lies between the blocks', () => {
  const [a, b] = [tf.variable(tf.tensor1d([1, 2]), true, 'p/a'), tf.variable(tf.tensor1d([3, 4]), true, 'q/b')];
  // Σ a² b²: the diagonal is 2 b², then 2 a², and 4 a b lies between.
  const curvature = curvatureOf(objectiveOf([a, b], () => tf.mul(tf.square(a), tf.square(b))));
  const traces = blockTraces(curvature.hessian, blocksOf(curvature), { samples: 'exact', random: random(1) });
  expect([...traces]).toEqual([
    ['p', { value: 50, standardError: 0 }],
    ['q', { value: 10, standardError: 0 }],
  ]);
  curvature.dispose();
  tf.dispose([a, b]);
});
