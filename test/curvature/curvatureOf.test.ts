import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { curvatureOf } from '../../src/curvature/curvatureOf.js';
import { golden, goldenNames, type Matrix } from '../golden.js';

const near = (actual: Float64Array, expected: readonly number[]): number => {
  const scale = Math.hypot(...expected) || 1;
  return Math.hypot(...expected.map((e, i) => actual[i]! - e)) / scale;
};

describe.each(['cpu'])('on %s', (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test.each(goldenNames)('the products of %s with H, G and NME are those of JAX in float64', (name) => {
    const { objective, expected, v, dispose } = golden(name);
    const curvature = curvatureOf(objective);
    const x = Float64Array.from(v);
    const { hessian, gaussNewton, nme } = expected;
    const split = curvature.parts!.split.apply(x);
    const small = Math.hypot(...hessian.product);
    const close = (actual: Float64Array, { product }: Matrix): void => {
      const error = Math.hypot(...product.map((e, i) => actual[i]! - e)) / small;
      expect(error).toBeLessThan(1e-5);
    };
    expect(curvature.loss).toBeCloseTo(expected.loss, 5);
    expect(near(curvature.gradient, expected.gradient)).toBeLessThan(1e-5);
    close(curvature.hessian.apply(x), hessian);
    close(curvature.parts!.gaussNewton.apply(x), gaussNewton);
    close(curvature.parts!.nme.apply(x), nme);
    close(split.hessian, hessian);
    close(split.gaussNewton, gaussNewton);
    close(split.nme, nme);
    curvature.dispose();
    dispose();
  });
});
