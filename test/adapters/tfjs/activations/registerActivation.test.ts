import '@tensorflow/tfjs-backend-cpu';
// The initializers of recurrent layers are written in chained ops.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { measure, registerActivation } from '../../../../adapters/tfjs/index.js';
import { withRandom } from '../../../../adapters/tfjs/withRandom.js';
import { augmentedRelu } from '../../../../src/activations/augmentedRelu.js';
import { betaGelu } from '../../../../src/activations/betaGelu.js';
import { flatGelu } from '../../../../src/activations/flatGelu.js';
import { random } from '../../../../src/core/random.js';
import { hessianTrace } from '../../../../src/metrics/hessianTrace.js';
import { nmeTrace } from '../../../../src/metrics/nmeTrace.js';
import { flat } from '../../../golden.js';

beforeAll(() => tf.setBackend('cpu'));

const { dense, conv2d, activation, simpleRNN } = layers.layers;

/** What `model.save` would write, read back. */
async function savedAndLoaded(model: layers.LayersModel): Promise<layers.LayersModel> {
  let written: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    written = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
  const modelTopology = JSON.parse(JSON.stringify(written!.modelTopology));
  return layers.loadLayersModel(tf.io.fromMemory({ ...written!, modelTopology }));
}

const betaGelu4 = registerActivation('betaGelu4', betaGelu(4));

test('an activation layer applies a registered activation', () => {
  const model = layers.sequential({ layers: [activation({ inputShape: [5], activation: betaGelu4 })] });
  const x = tf.tensor2d([[-2, -0.25, 0, 0.5, 3]]);
  expect(flat([model.predict(x) as tf.Tensor])).toEqual(flat([betaGelu(4)(x)]));
});

test.each([
  ['dense', () => dense({ inputShape: [6], units: 3, activation: betaGelu4 }), [2, 6]],
  ['conv2d', () => conv2d({ inputShape: [4, 4, 1], filters: 2, kernelSize: 3, activation: betaGelu4 }), [2, 4, 4, 1]],
  ['simpleRNN', () => simpleRNN({ inputShape: [3, 2], units: 3, activation: betaGelu4 }), [2, 3, 2]],
] as const)(
  'a %s layer with a registered activation computes the same when saved and loaded',
  async (_, layer, shape) => {
    const model = withRandom(random(1), () => layers.sequential({ layers: [layer()] }));
    const loaded = await savedAndLoaded(model);
    const x = tf.sin(tf.reshape(tf.range(0, tf.util.sizeFromShape([...shape])), [...shape]));
    const [before, after] = [model, loaded].map((m) => flat([m.predict(x) as tf.Tensor]));
    expect(after).toEqual(before);
  },
);

/** tr H and tr (H − G) of a classifier with two hidden layers, exactly. */
function traces(activation: 'relu'): { hessian: number; nme: number } {
  return withRandom(random(5), () => {
    const model = layers.sequential({
      layers: [
        dense({ inputShape: [4], units: 5, activation }),
        dense({ units: 4, activation }),
        dense({ units: 3, activation: 'softmax' }),
      ],
    });
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    const x = tf.randomNormal([12, 4]);
    const y = tf.oneHot(tf.randomUniform([12], 0, 3, 'int32'), 3);
    const metrics = [hessianTrace({ samples: 'exact' }), nmeTrace({ samples: 'exact' })];
    const [hessian, nme] = measure(model, { on: { x, y }, metrics }).measurements.filter(({ name }) =>
      name.endsWith('.trace'),
    );
    return { hessian: hessian!.value as number, nme: nme!.value as number };
  });
}

describe('of a network of layers', () => {
  test('tr (H − G) comes from the second derivatives of activations only: none for ReLU and flat GELU, some for GELU', () => {
    const gelu = traces(registerActivation('betaGelu', betaGelu()));
    const flatOne = traces(registerActivation('flatGelu', flatGelu()));
    const relu = traces('relu');
    expect(Math.abs(relu.nme / relu.hessian)).toBeLessThan(1e-6);
    expect(Math.abs(flatOne.nme / flatOne.hessian)).toBeLessThan(1e-6);
    expect(Math.abs(gelu.nme / gelu.hessian)).toBeGreaterThan(0.01);
    // tr G is that of the values and slopes, which the two share.
    expect(gelu.hessian - gelu.nme).toBeCloseTo(flatOne.hessian, 4);
  });

  test('ReLU with a second derivative has tr G of ReLU, and a trace of H − G', () => {
    const [augmented, relu] = [traces(registerActivation('augmentedRelu', augmentedRelu())), traces('relu')];
    expect(augmented.hessian - augmented.nme).toBeCloseTo(relu.hessian, 4);
    expect(Math.abs(augmented.nme / augmented.hessian)).toBeGreaterThan(0.01);
  });
});

test.each(['', 'BetaGelu', 'beta_gelu', 'beta gelu'])(
  'the name %o, which no saved model would bring back, is refused',
  (name) => {
    expect(() => registerActivation(name, betaGelu())).toThrow(
      "registerActivation: name must be in camel case, such as 'betaGelu20'",
    );
  },
);

test('a name of tfjs is refused, and one of ours taken anew', () => {
  expect(() => registerActivation('relu', betaGelu())).toThrow("name 'relu' is taken in tfjs; use another");
  registerActivation('mine', (x) => tf.neg(x));
  const model = layers.sequential({
    layers: [activation({ inputShape: [1], activation: registerActivation('mine', (x) => tf.mul(x, 3)) })],
  });
  expect(flat([model.predict(tf.tensor2d([[2]])) as tf.Tensor])).toEqual([6]);
});
