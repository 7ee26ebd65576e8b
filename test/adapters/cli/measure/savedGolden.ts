import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import '@tensorflow/tfjs'; // The start of an LSTM takes methods of tensors, which tfjs-core by itself does not bring.
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import type { Expected } from '../../../golden.js';
import type { Layer } from '../../../reference/network.js';
import { readGolden, type Values } from '../../../reference/readGolden.js';
import { npzBytes } from './npyBytes.js';
import { saveModel } from './saveModel.js';

/** A golden network as a user would have it: a model of tfjs-layers in its folder, and its data beside it. */
export interface SavedGolden {
  readonly model: string;
  readonly data: string;
  readonly loss: string;
  readonly expected: Expected;
  readonly training: Expected | undefined;
}

interface File {
  readonly layers: readonly (Layer & { readonly units?: number; readonly bias?: boolean })[];
  readonly loss: string;
  readonly x: Values;
  readonly y: Values;
  readonly params: Readonly<Record<string, Values>>;
  readonly constants: Readonly<Record<string, Values>>;
  readonly expected: { readonly inference: Expected; readonly training?: Expected };
}

/** By the loss of logits in the golden file: the last activation, and the loss of what comes out of it. */
const endings: Readonly<Record<string, { readonly activation?: 'softmax' | 'sigmoid'; readonly loss: string }>> = {
  softmaxCrossEntropy: { activation: 'softmax', loss: 'categoricalCrossentropy' },
  sigmoidCrossEntropy: { activation: 'sigmoid', loss: 'binaryCrossentropy' },
  meanSquaredError: { loss: 'meanSquaredError' },
};

export type Ending = 'probabilities' | 'logits';

/** Saves a golden network and its data in `folder`; ending in a softmax or sigmoid, or in its logits. */
export async function savedGolden(name: string, folder: string, ending: Ending): Promise<SavedGolden> {
  const file = readGolden<File>(name);
  const { activation, loss } = endings[file.loss]!;
  const place = join(folder, `${name}-${ending}`);
  mkdirSync(place);
  const model = modelOf(file, ending === 'probabilities' ? activation : undefined);
  await saveModel(model, place);
  writeFileSync(join(place, 'data.npz'), npzBytes({ x: file.x, y: file.y }));
  return {
    model: join(place, 'model.json'),
    data: join(place, 'data.npz'),
    loss: ending === 'probabilities' ? loss : file.loss,
    expected: file.expected.inference,
    training: file.expected.training,
  };
}

function modelOf({ layers: golden, x, params, constants }: File, last: 'softmax' | 'sigmoid' | undefined): LayersModel {
  const model = sequential();
  golden.forEach((layer, i) => {
    const made = layerOf(layer, params, i === golden.length - 1 ? last : undefined, x.shape.slice(1), i);
    model.add(made);
    if (layer.activation && layer.op === 'batchNorm')
      model.add(layers.activation({ activation: layer.activation as 'relu' }));
  });
  const values: Record<string, Values> = { ...params, ...constants };
  for (const { name } of golden) {
    if (!name) continue;
    const layer = model.getLayer(name);
    layer.setWeights(
      layer.weights.map((weight) => {
        const { values: numbers, shape } = values[`${name}/${camelCase(weight.originalName.split('/').at(-1)!)}`]!;
        return tf.tensor(numbers, shape);
      }),
    );
  }
  return model;
}

const camelCase = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function layerOf(
  { op, name = 'none', activation, epsilon, units, bias }: File['layers'][number],
  params: File['params'],
  last: 'softmax' | 'sigmoid' | undefined,
  inputShape: number[],
  i: number,
): layers.Layer {
  const first = i === 0 ? { inputShape } : {};
  const kernel = params[`${name}/kernel`]?.shape ?? [];
  const active = (last ?? activation) as 'relu' | undefined;
  const common = { ...first, name, ...(active && { activation: active }) };
  if (op === 'dense') return layers.dense({ ...common, units: kernel[1]! });
  if (op === 'conv2d') {
    return layers.conv2d({
      ...common,
      filters: kernel[3]!,
      kernelSize: kernel[0]!,
      padding: 'same',
      useBias: bias !== false,
    });
  }
  if (op === 'batchNorm') return layers.batchNormalization({ ...first, name, epsilon: epsilon! });
  if (op === 'maxPool') return layers.maxPooling2d({ ...first, poolSize: 2 });
  if (op === 'avgPool') return layers.averagePooling2d({ ...first, poolSize: 2 });
  if (op === 'flatten') return layers.flatten(first);
  if ((op as string) === 'lstm') return layers.lstm({ ...first, name, units: units!, recurrentActivation: 'sigmoid' });
  throw new Error(`no layer for ${op}`);
}
