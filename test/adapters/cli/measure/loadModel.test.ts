import { mkdtempSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadModel } from '../../../../adapters/cli/measure/loadModel.js';
import { saveModel } from './saveModel.js';

const folder = mkdtempSync(join(tmpdir(), 'model-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => tf.setBackend('cpu'));

const kernel = [0.5, -1, 2, 0.25, 3, -0.125];

/** A saved model of one dense layer, and the path of its model.json. */
async function saved(options: Parameters<typeof saveModel>[2] = {}): Promise<{ path: string; at: string }> {
  const model = sequential({ layers: [layers.dense({ inputShape: [2], units: 3, name: 'only' })] });
  model.setWeights([tf.tensor2d(kernel, [2, 3]), tf.tensor1d([1, 2, 3])]);
  model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
  const at = mkdtempSync(join(folder, 'saved-'));
  await saveModel(model, at, options);
  return { at, path: join(at, 'model.json') };
}

// biome-ignore lint/suspicious/noExplicitAny: whatever a file may hold.
function edit(path: string, change: (json: any) => void): void {
  const json = JSON.parse(readFileSync(path, 'utf8'));
  change(json);
  writeFileSync(path, JSON.stringify(json));
}

test.each([1, 2, 3])('a model in %s shards has the weights it was saved with, and no loss', async (shards) => {
  const { model, loss } = await loadModel((await saved({ shards })).path);
  expect([...model.getWeights()[0]!.dataSync()]).toEqual(kernel);
  expect(loss).toBeUndefined();
});

test('a model that was saved with its optimizer tells the loss it was compiled with', async () => {
  const { model, loss } = await loadModel((await saved({ includeOptimizer: true })).path);
  expect([...model.getWeights()[1]!.dataSync()]).toEqual([1, 2, 3]);
  expect(loss).toBe('mean_squared_error');
});

test('weights that were quantized to bytes are scaled back', async () => {
  const { path, at } = await saved({ shards: 1 });
  edit(path, ({ weightsManifest: [group] }) => {
    group.weights[0].quantization = { dtype: 'uint8', scale: 0.5, min: -1 };
  });
  const bias = new Uint8Array(Float32Array.from([1, 2, 3]).buffer);
  writeFileSync(join(at, 'weights.1of1.bin'), Buffer.concat([Buffer.from([0, 1, 2, 3, 4, 8]), bias]));
  const { model } = await loadModel(path);
  expect([...model.getWeights()[0]!.dataSync()]).toEqual([-1, -0.5, 0, 0.5, 1, 3]);
});

const message = (path: string): Promise<string> =>
  loadModel(path).then(
    () => 'no error',
    (error: Error) => error.message,
  );

test.each<[string, string, (place: { path: string; at: string }) => void]>([
  ['is missing', 'cannot be read: there is no such file', ({ path }) => unlinkSync(path)],
  ['is not JSON', 'is not JSON', ({ path }) => writeFileSync(path, 'weights')],
  ['is another JSON', 'has no modelTopology; give the model.json', ({ path }) => writeFileSync(path, '{}')],
  [
    'is a graph model',
    'is a graph model, whose weights are constants: it has no gradient; convert it with',
    ({ path }) => edit(path, (json) => Object.assign(json, { format: 'graph-model' })),
  ],
  [
    'is a graph model of an older converter',
    'is a graph model',
    ({ path }) => edit(path, (json) => Object.assign(json, { format: undefined, modelTopology: { node: [] } })),
  ],
  [
    'names no weights',
    'names no weights; save the model itself with model.save()',
    ({ path }) => edit(path, (json) => Object.assign(json, { weightsManifest: undefined })),
  ],
  [
    'lacks a shard',
    'weights.2of2.bin cannot be read: there is no such file',
    ({ at }) => unlinkSync(join(at, 'weights.2of2.bin')),
  ],
  [
    'has a shard that is cut short',
    'its weights are 36 bytes, its shards hold 34 (weights.1of2.bin 18, weights.2of2.bin 16); save or copy it again',
    ({ at }) => truncateSync(join(at, 'weights.2of2.bin'), 16),
  ],
  [
    'has a layer of the user',
    'Mystery is none of tfjs-layers; give the file that registers it, --import my-layers.js',
    ({ path }) => edit(path, (json) => Object.assign(json.modelTopology.config.layers[0], { class_name: 'Mystery' })),
  ],
  [
    'was saved by Keras 3',
    'it was saved by Keras 3, whose format tfjs-layers 4 does not read; save it with tf_keras',
    ({ path }) =>
      edit(path, (json) => {
        json.modelTopology.config.layers[0].config.batch_input_shape = undefined;
        json.modelTopology = { keras_version: '3.4.1', model_config: json.modelTopology };
      }),
  ],
  [
    'has a weight that is not finite',
    'the weight only/kernel is NaN at 1; save it before training diverges',
    ({ at }) => {
      const shard = join(at, 'weights.1of2.bin');
      const bytes = readFileSync(shard);
      bytes.writeFloatLE(Number.NaN, 4);
      writeFileSync(shard, bytes);
    },
  ],
])('a model that %s is refused, saying what to do', async (_, expected, spoil) => {
  const place = await saved();
  spoil(place);
  expect(await message(place.path)).toContain(expected);
});
