import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { layerCases, layerFamilies } from '../../reference/layerCases.js';
import { onBackends } from '../onBackends.js';
import { distance } from './distance.js';
import { layerModel } from './layerModel.js';

/** Of ‖Hv‖ for every product, of itself for loss and gradient. float32 leaves some 1e-6 at worst. */
const BOUND = 5e-6;

onBackends(() => {
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  describe.each(layerFamilies)('a model of the family %s', (family) => {
    test.each(Object.entries(layerCases(family)))('%s has the gradient, H v, G v and NME v of JAX', (_, golden) => {
      const { objective } = layerModel(golden);
      const before = tf.memory().numTensors;
      const curvature = curvatureOf(objective);
      const v = Float64Array.from(golden.v.values);
      const { loss, gradient, hessian, gaussNewton } = golden.expected;
      const nme = hessian.map((h, i) => h - gaussNewton[i]!);
      const { parts } = curvature;
      const split = parts!.split.apply(v);
      const errors = {
        loss: Math.abs(curvature.loss - loss) / Math.abs(loss),
        gradient: distance(curvature.gradient, gradient),
        hessian: distance(curvature.hessian.apply(v), hessian),
        gaussNewton: distance(parts!.gaussNewton.apply(v), gaussNewton, hessian),
        nme: distance(parts!.nme.apply(v), nme, hessian),
        together: distance(split.hessian, hessian),
      };
      curvature.dispose();
      expect(tf.memory().numTensors).toBe(before);
      for (const [of, error] of Object.entries(errors)) expect(error, of).toBeLessThan(BOUND);
    });
  });
});
