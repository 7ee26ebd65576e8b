import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { QuadraticForms } from '../../src/curvature/curvature.js';
import { type Curvature, curvatureOf } from '../../src/curvature/curvatureOf.js';
import { start } from './onBackends.js';

/** Products of matrices that a deep network takes of each of its inner layers; a gradient takes three. */
async function productsOf(use: (curvature: Curvature, depth: number) => void, engine: Curvature['engine']) {
  const counts: number[] = [];
  for (const depth of [6, 12]) {
    const params = Array.from({ length: depth }, () => tf.variable(tf.eye(2)));
    const outputs = () => [
      params.reduce((h, w) => tf.tanh(tf.matMul(h, w as tf.Tensor2D)), tf.ones([3, 2]) as tf.Tensor2D),
    ];
    const outputLoss = ([z]: readonly tf.Tensor[]) => tf.sum(tf.square(z!)) as tf.Scalar;
    const curvature = curvatureOf(
      { step: 0, params, outputs, outputLoss, loss: () => outputLoss(outputs()) },
      { engine },
    );
    const { kernels } = await tf.profile(() => {
      use(curvature, depth);
      return tf.scalar(0);
    });
    curvature.dispose();
    tf.dispose(params);
    counts.push(kernels.filter(({ name }) => name === 'BatchMatMul').length);
  }
  return (counts[1]! - counts[0]!) / 6;
}

beforeAll(() => start('cpu'));

const directionIn = ({ dimension }: Curvature): Float64Array => new Float64Array(dimension).fill(1);
const hessian = (curvature: Curvature) => curvature.parts!.forms.hessian(() => {}).apply(directionIn(curvature));
const nme = (sections: number) => (curvature: Curvature, depth: number) =>
  curvature.parts!.forms.nme(
    directionIn(curvature),
    Array.from({ length: sections }, (_, s) => (s * depth) / sections),
  );

test('the exact form of H shows J v for the two gradients of a product, and that of NME takes four thirds', async () => {
  expect(await productsOf(hessian, 'exact')).toBeCloseTo(3 * 2, 9);
  expect(await productsOf(nme(1), 'exact')).toBeCloseTo(3 * (4 / 3), 9);
  // A section is walked with one product a layer from its last to the outputs: of thirds, a third of the layers and two.
  expect(await productsOf(nme(3), 'exact')).toBeCloseTo(3 * (4 / 3 + 1 / 3), 9);
});

test('by differences either takes two gradients, for each section', async () => {
  expect(await productsOf(hessian, 'finite-difference')).toBeCloseTo(3 * 2, 9);
  expect(await productsOf(nme(1), 'finite-difference')).toBeCloseTo(3 * 2, 9);
  expect(await productsOf(nme(3), 'finite-difference')).toBeCloseTo(3 * 6, 9);
});

test.each(['exact', 'finite-difference'] as const)('the engine %s says at least as much', async (engine) => {
  const costs: QuadraticForms['cost'][] = [];
  const told = (curvature: Curvature) => costs.push(curvature.parts!.forms.cost);
  await productsOf(told, engine);
  for (const cost of costs) {
    expect(cost.hessian).toBe((await productsOf(hessian, engine)) / 3);
    expect(cost.nme).toBeGreaterThanOrEqual((await productsOf(nme(3), engine)) / 3);
  }
});
