import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Objective } from '../../src/core/objective.js';
import { numbersOf } from '../curvature/derivatives/kernels/golden.js';
import { readGolden } from './readGolden.js';

interface Input {
  readonly shape: number[];
  readonly seed: number;
  readonly scale: number;
}

interface Part {
  /** Of A v, every so many numbers. */
  readonly product: readonly number[];
  /** ‖A v‖, vᵀA v and tr A. */
  readonly norm: number;
  readonly form: number;
  readonly trace: number;
}

const golden = readGolden<{
  readonly inputs: Readonly<Record<'x' | 'b1' | 'b2' | 'w1' | 'w2' | 'w3', Input>>;
  readonly v: Omit<Input, 'shape'>;
  readonly every: number;
  readonly loss: number;
  readonly hessian: Part;
  readonly nme: Part;
  readonly topEigenvalue: number;
  readonly bottomEigenvalue: number;
}>('wide');

/** A network much wider than its batch, as wide.py defines it: of operations, or of layers of tfjs-layers. */
export function wide(made: 'of operations' | 'of layers' = 'of operations') {
  const { x: data, ...weights } = golden.inputs;
  const x = numbersOf(data) as tf.Tensor2D;
  const labels = tf.oneHot(
    tf.tensor1d(
      data.shape.slice(0, 1).flatMap((n) => Array.from({ length: n }, (_, i) => i % 3)),
      'int32',
    ),
    3,
  ) as tf.Tensor2D;
  const values = Object.values(weights).map((input) => numbersOf(input));
  const { params, output } = made === 'of layers' ? layersModel(values) : operations(values);
  const outputs = () => [output(x)];
  const outputLoss = ([z]: readonly tf.Tensor[]) => tf.losses.softmaxCrossEntropy(labels, z!) as tf.Scalar;
  const objective: Objective = { step: 0, params, outputs, outputLoss, loss: () => outputLoss(outputs()) };
  const size = params.reduce((sum, p) => sum + p.size, 0);
  const direction = numbersOf({ ...golden.v, shape: [size] });
  const v = Float64Array.from(direction.dataSync());
  direction.dispose();
  return { ...golden, objective, v, dispose: () => tf.dispose([x, labels, values, ...params]) };
}

function operations(values: readonly tf.Tensor[]) {
  const params = values.map((value) => tf.variable(value));
  const [b1, b2, w1, w2, w3] = params as [tf.Variable, tf.Variable, ...tf.Variable<tf.Rank.R2>[]];
  const output = (x: tf.Tensor2D): tf.Tensor => {
    const h = tf.tanh(tf.add(tf.matMul(x, w1!), b1)) as tf.Tensor2D;
    const second = tf.tanh(tf.add(tf.add(tf.matMul(h, w2!), b2), h)) as tf.Tensor2D;
    return tf.matMul(second, w3!);
  };
  return { params, output };
}

function layersModel(values: readonly tf.Tensor[]) {
  const [b1, b2, w1, w2, w3] = values as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const first = layers.dense({ units: b1.size, activation: 'tanh', weights: [w1, b1] });
  const second = layers.dense({ units: b2.size, weights: [w2, b2] });
  const third = layers.dense({ units: w3.shape[1]!, useBias: false, weights: [w3] });
  const x = input({ shape: [w1.shape[0]!] });
  const h = first.apply(x) as SymbolicTensor;
  const sum = layers.add().apply([second.apply(h) as SymbolicTensor, h]) as SymbolicTensor;
  const outputs = third.apply(layers.activation({ activation: 'tanh' }).apply(sum)) as SymbolicTensor;
  const net = model({ inputs: x, outputs });
  const variable = (layer: typeof first, at: number): tf.Variable => layer.weights[at]!.read() as tf.Variable;
  const params = [variable(first, 1), variable(second, 1), variable(first, 0), variable(second, 0), variable(third, 0)];
  return { params, output: (x: tf.Tensor): tf.Tensor => net.apply(x, { training: true }) as tf.Tensor };
}
