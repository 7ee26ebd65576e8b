import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { collapse, overparameterize } from '../../../../adapters/tfjs/index.js';
import { layerModel, tensor } from '../../../curvature/layers/layerModel.js';
import { layerCases, layerFamilies } from '../../../reference/layerCases.js';

beforeAll(() => tf.setBackend('cpu'));

/** Losses are no layers. */
const models = layerFamilies
  .filter((family) => family !== 'losses')
  .flatMap((family) => Object.entries(layerCases(family)));

/** Of the first batch: a state that a layer carries on is not of the model. */
function predicted(model: tfl.LayersModel, x: tf.Tensor[]): number[][] {
  model.resetStates();
  return [model.predict(x)].flat().map((output) => [...output.dataSync()]);
}

/** The test's own attention is a layer that says nothing of how it was made. */
const isAttention = (layer: tfl.layers.Layer): boolean => layer.getClassName() === 'SelfAttention';

test.each(models)('%s: the model of factors and the collapsed one predict what it does', (_, golden) => {
  const { model } = layerModel(golden);
  if (model.layers.some(isAttention)) {
    const before = tf.memory().numTensors;
    expect(() => collapse(model)).toThrow(/^collapse: SelfAttention \w+ cannot be made again/);
    expect(tf.memory().numTensors).toBe(before);
    return;
  }
  const x = golden.x.map(tensor);
  const wanted = predicted(model, x);
  const close = (made: tfl.LayersModel): void =>
    predicted(made, x).forEach((output, i) => {
      expect(output).toHaveLength(wanted[i]!.length);
      output.forEach((value, j) => expect(value).toBeCloseTo(wanted[i]![j]!, 5));
    });
  close(collapse(model));
  if (!model.layers.some(isPlain)) return;
  const expanded = overparameterize(model, { kernels: 'kept', only: isPlain });
  close(expanded);
  close(collapse(expanded));
});

const isPlain = (layer: tfl.layers.Layer): boolean => /^(Dense|Conv[123]D)$/.test(layer.getClassName());
