import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { instrument, logits } from '../../../adapters/tfjs/index.js';
import type { Intervention } from '../../../src/index.js';
import { layerModel, tensor } from '../../curvature/layers/layerModel.js';
import { layerCases } from '../../reference/layerCases.js';

beforeAll(() => tf.setBackend('cpu'));

const { losses, recurrence } = { losses: layerCases('losses'), recurrence: layerCases('recurrence') };
const numbers = (tensors: readonly tf.Tensor[]): number[][] => tensors.map((t) => [...t.dataSync()]);

/** Models that end in a softmax, each in another way. */
const endings = {
  'a dense layer': losses.categoricalCrossentropy!,
  'a softmax layer': losses['categoricalCrossentropy of a softmax layer']!,
  'an activation layer': losses['categoricalCrossentropy of a softmax activation']!,
  'a nested model': losses['a nested model that ends in a softmax']!,
  'one layer for two outputs': losses['two outputs from one last layer']!,
  'a layer that stands within the network as well': losses['a last layer that feeds another']!,
  'a layer at every step': recurrence['a timeDistributed head']!,
};

test.each(Object.entries(endings))(
  'the logits of %s are those before its softmax, in the first evaluation of a step and after it',
  async (_, golden) => {
    const { model } = layerModel(golden);
    const [x, y] = [golden.x.map(tensor), golden.y.map(tensor)];
    const probabilities = numbers([model.predict(x) as tf.Tensor].flat());
    const found: { logits: number[][]; probabilities: number[][]; loss: number }[] = [];
    const asking: Intervention = (next) => (objective) => {
      for (let i = 0; i < 2; i++) {
        const z = objective.outputs!();
        const loss = objective.outputLoss!(z).dataSync()[0]!;
        found.push({ logits: numbers(z), probabilities: numbers(z.map((t) => tf.softmax(t))), loss });
      }
      return next(objective);
    };
    const run = instrument(model, { interventions: [asking] });
    const [trained] = [await model.trainOnBatch(x, y)].flat() as number[];
    await run.stop();
    expect(found).toHaveLength(2);
    for (const { logits, probabilities: linked, loss } of found) {
      expect(loss).toBeCloseTo(golden.expected.loss, 6);
      linked.forEach((row, i) => row.forEach((p, j) => expect(p).toBeCloseTo(probabilities[i]![j]!, 6)));
      // Logits, and not the probabilities once more: those would be uniform after another softmax, or nearly so.
      logits.forEach((row, i) => expect(row).not.toEqual(probabilities[i]));
    }
    expect(trained).toBeCloseTo(golden.expected.loss, 6);
  },
);

test('the logits of a teacher are one tensor more, and nothing else is left', () => {
  const golden = endings['a layer at every step'];
  const { model } = layerModel(golden);
  const x = tensor(golden.x[0]!);
  const before = tf.memory().numTensors;
  const z = logits(model)(x) as tf.Tensor;
  expect(z.shape).toEqual([3, 3, 2]);
  expect(tf.memory().numTensors).toBe(before + 1);
});
