import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { repairWasm } from '../../../adapters/backends/repairWasm.js';
import { compiledModel } from '../../../adapters/tfjs/layersModel.js';
import { modelObjective } from '../../../adapters/tfjs/modelObjective.js';
import type { Objective } from '../../../src/core/objective.js';
import { curvatureOf } from '../../../src/curvature/curvatureOf.js';
import { layerCases } from '../../reference/layerCases.js';
import { onBackends, start } from '../onBackends.js';
import { distance } from './distance.js';
import { layerModel } from './layerModel.js';

beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const losses = layerCases('losses');

/** By the loss that takes logits: the same network with its last activation in the model. */
const forms: Readonly<Record<string, readonly string[]>> = {
  'tf.softmaxCrossEntropy': [
    'categoricalCrossentropy',
    'categoricalCrossentropy of a softmax layer',
    'categoricalCrossentropy of a softmax activation',
  ],
  'tf.sigmoidCrossEntropy': ['binaryCrossentropy'],
};

const pairs = Object.entries(forms).flatMap(([loss, titles]) => titles.map((title) => [title, loss] as const));

test.each(pairs)('JAX has the same gradient, H v and G v for %s and for %s of the logits', (title, loss) => {
  const { x, y, v, weights, expected } = losses[loss]!;
  expect(losses[title]).toMatchObject({ x, y, v, weights, expected });
});

onBackends((backend) => {
  test('the penalty of a model has its Hessian beside that of the data, 2λ of each weight', () => {
    const golden = losses['a penalty on the weights']!;
    const { objective } = layerModel(golden);
    const { penalty, dispose } = curvatureOf(objective);
    const v = golden.v.values;
    // λ = 1/8 on the kernel of the hidden layer, 1/4 on the bias of the last; 6, 3, 9 and 3 weights in this order.
    const expected = v.map((x, i) => (i < 6 ? x / 4 : i >= 18 ? x / 2 : 0));
    expect(distance(penalty!.apply(Float64Array.from(v)), expected)).toBeLessThan(1e-7);
    dispose();
  });

  describe('what tfjs has no first gradient of is refused by name', () => {
    const objectiveOf = (shape: number[], ...stack: layers.Layer[]): Objective => {
      const model = sequential({ layers: [layers.inputLayer({ inputShape: shape }), ...stack] });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const [x, y] = [tf.ones([2, ...shape]), tf.ones([2, ...(model.outputs[0]!.shape.slice(1) as number[])])];
      const params = model.trainableWeights.map((w) => w.read() as tf.Variable);
      const data = { x: [x], y: [y], weights: [] };
      return modelObjective(compiledModel(model))(0, params, data, () => tf.scalar(0)).withMode!('inference');
    };

    test('a dilated convolution', () => {
      const objective = objectiveOf([5, 5, 1], layers.conv2d({ filters: 1, kernelSize: 2, dilationRate: 2 }));
      expect(() => curvatureOf(objective)).toThrow(/conv2D.*dilation rates greater than 1/);
    });

    if (backend !== 'wasm') return;
    test('a convolution on wasm as tfjs has it', async () => {
      const undo = repairWasm();
      undo();
      try {
        const objective = objectiveOf([4, 4, 1], layers.conv2d({ filters: 1, kernelSize: 2 }));
        expect(() => curvatureOf(objective)).toThrow('Conv2DBackpropFilter');
      } finally {
        await start(backend);
      }
    });
  });
});
