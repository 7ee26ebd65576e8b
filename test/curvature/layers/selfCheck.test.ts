import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { selfCheck, type Verdict } from '../../../src/curvature/checks/selfCheck.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { layerCases, layerFamilies } from '../../reference/layerCases.js';
import { start } from '../onBackends.js';
import { layerModel } from './layerModel.js';

beforeAll(() => start('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** tfjs has no first gradient of them, so nobody trains them. */
const untrainable = /^(thresholdedReLU|conv3dTranspose.*)$/;
/** The first gradient of tfjs is wrong on cpu. */
const wrong = /^(averagePooling[123]d, same and overlapping|upSampling2d)$/;

function verdictOn(title: string): Verdict {
  if (untrainable.test(title)) return 'untrainable';
  return wrong.test(title) ? 'wrong' : 'agrees';
}

describe.each(layerFamilies)('a model of the family %s', (family) => {
  test.each(Object.entries(layerCases(family)))('%s is judged as it is by the self-check', (title, golden) => {
    const { objective } = layerModel(golden);
    const curvature = curvatureOf(objective);
    const found = selfCheck(objective, curvature, random(7));
    curvature.dispose();
    expect(found.curvature.verdict).toBe('agrees');
    expect(found.gradient.verdict).toBe(verdictOn(title));
  });
});
