// The initializers of recurrent layers, and masks, are written in chained ops.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model, regularizers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { compiledModel } from '../../../adapters/tfjs/layersModel.js';
import { modelObjective } from '../../../adapters/tfjs/modelObjective.js';
import { withRandom } from '../../../adapters/tfjs/withRandom.js';
import type { Objective } from '../../../src/core/objective.js';
import type { LayerCase, LayerSpec, ModelSpec, NodeSpec } from '../../reference/layerCases.js';
import type { Values } from '../../reference/readGolden.js';
import { selfAttention } from './selfAttention.js';

/** A golden model of layers, compiled, with its weights; and the objective that `fit` would minimise in its first step. */
export interface Made {
  readonly model: LayersModel;
  readonly objective: Objective;
}

export function layerModel(golden: LayerCase): Made {
  const made = build(
    golden.model,
    golden.x.map(({ shape }) => shape.slice(1)),
    isStateful(golden) ? golden.x[0]!.shape[0]! : null,
  );
  made.compile({ optimizer: 'sgd', loss: golden.losses.map(lossOf) as string[] });
  for (const [name, weights] of Object.entries(golden.weights)) made.getLayer(name).setWeights(weights.map(tensor));
  return { model: made, objective: objectiveOf(made, golden) };
}

export const tensor = ({ values, shape }: Values): tf.Tensor => tf.tensor(values, shape);

type Loss = (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;

function lossOf(name: string): string | Loss {
  if (!name.startsWith('tf.')) return name;
  if (name === 'tf.cosineDistance') return (target, output) => tf.losses.cosineDistance(target, output, -1);
  const loss = tf.losses[name.slice(3) as 'huberLoss'];
  return (target, output) => loss(target, output);
}

function objectiveOf(made: LayersModel, golden: LayerCase): Objective {
  const [x, y] = [golden.x.map(tensor), golden.y.map(tensor)];
  const weights = golden.exampleWeights?.map(tensor) ?? [];
  const params = Object.keys(golden.weights).flatMap((name) =>
    made.getLayer(name).trainableWeights.map((w) => w.read() as tf.Variable),
  );
  /** The pass of `fit`, whose value nobody reads here. */
  const pass = (): tf.Scalar =>
    tf.tidy(() => {
      made.apply([...x], { training: true });
      return tf.scalar(0);
    });
  // A stateful layer is measured on its second batch.
  if (isStateful(golden)) pass();
  const objective = modelObjective(compiledModel(made))(0, params, { x, y, weights }, pass);
  if (golden.mode === 'training') drawing(objective);
  return objective.withMode!(golden.mode);
}

/** The first evaluation draws what layer_noise.py says; all that is measured is to repeat these draws. */
function drawing({ loss }: Objective): void {
  let drawn = 0;
  withRandom(
    () => ++drawn / 16,
    () => loss().dispose(),
  );
}

const isStateful = ({ model: { layers } }: LayerCase): boolean =>
  layers.some(({ config }) => config?.stateful === true);

function build(spec: ModelSpec, shapes: readonly number[][], batch: number | null = null): LayersModel {
  const made = new Map<string, layers.Layer>();
  const values = new Map<string, SymbolicTensor>(
    spec.inputs.map((name, i) => [name, input({ batchShape: [batch, ...shapes[i]!], name: `${name}_in` })]),
  );
  let before = spec.inputs[0]!;
  for (const node of spec.layers) {
    const arriving = (node.from ?? [before]).map((name) => values.get(name)!);
    const layer = made.get(node.shares ?? '') ?? layerOf(node, arriving);
    made.set(node.name, layer);
    before = node.name;
    values.set(before, layer.apply(arriving.length > 1 ? arriving : arriving[0]!) as SymbolicTensor);
  }
  return model({
    inputs: spec.inputs.map((name) => values.get(name)!),
    outputs: spec.outputs.map((name) => values.get(name)!),
  });
}

function layerOf(node: NodeSpec, arriving: readonly SymbolicTensor[]): layers.Layer {
  if (!node.model) return make(node, node.name);
  const nested = build(
    node.model,
    arriving.map(({ shape }) => shape.slice(1) as number[]),
  );
  nested.name = node.name;
  return nested;
}

type Maker = (config: object) => layers.Layer;

function make({ layer, config }: LayerSpec, name?: string): layers.Layer {
  const maker = { ...layers, selfAttention }[layer] as Maker | undefined;
  if (!maker) throw new RangeError(`there is no layer ${layer}`);
  return maker({ ...Object.fromEntries(Object.entries(config ?? {}).map(configured)), ...(name && { name }) });
}

/** Layers within layers, and regularizers, are told by their descriptions. */
function configured([key, value]: [string, unknown]): [string, unknown] {
  if (key === 'layer') return [key, make(value as LayerSpec)];
  if (key === 'cells') return ['cell', (value as LayerSpec[]).map((cell) => make(cell))];
  if (key.endsWith('Regularizer')) return [key, regularizers.l2(value as { l2: number })];
  return [key, value];
}
