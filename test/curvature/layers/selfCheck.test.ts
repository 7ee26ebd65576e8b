import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { random } from '../../../src/core/random.js';
import { selfCheck } from '../../../src/curvature/checks/selfCheck.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { layerCases, layerFamilies } from '../../reference/layerCases.js';
import { start } from '../onBackends.js';
import { layerModel } from './layerModel.js';

beforeAll(() => start('cpu'));
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

/** tfjs has no first gradient of them, so nobody trains them. */
const untrainable = /^(thresholdedReLU|conv3dTranspose.*)$/;
/** The first gradient of tfjs is wrong on cpu. The check tells, if its direction is not across the error. */
const wrong = /^(averagePooling[123]d, same and overlapping|upSampling2d)$/;

describe.each(layerFamilies)('a model of the family %s', (family) => {
  const trainable = Object.entries(layerCases(family)).filter(([title]) => !untrainable.test(title));
  test.each(trainable)('%s raises no alarm of the self-check that it should not', (title, golden) => {
    const { objective } = layerModel(golden);
    const curvature = curvatureOf(objective);
    const found = selfCheck(objective, curvature, random(7));
    curvature.dispose();
    expect(found.curvature.verdict).toBe('agrees');
    if (!wrong.test(title)) expect(found.gradient.verdict).toBe('agrees');
  });
});
