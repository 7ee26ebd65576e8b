import {
  add,
  conv2d,
  gather,
  image,
  losses,
  matMul,
  maxPool,
  type Rank,
  randomNormal,
  relu,
  reshape,
  type Scalar,
  type ShapeMap,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tanh,
  tensor1d,
  tidy,
  train,
  type Variable,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { digitTensors } from '../../adapters/cli/digitTensors.js';
import type { Objective } from '../../src/core/objective.js';

/** A classifier of the digits, on a fixed batch of 128 of them. */
export interface BenchNetwork {
  readonly name: 'mlp' | 'convnet';
  readonly x: Tensor;
  readonly y: Tensor;
  readonly objective: Objective;
  /** Takes steps of gradient descent, each on other digits. */
  train(steps: number): void;
}

const BATCH = 128;
const LEARNING_RATE = 0.1;

/** 64-1024-1024-10, tanh. */
export function mlp(): BenchNetwork {
  const [w1, b1] = layer<Rank.R2>([64, 1024]);
  const [w2, b2] = layer<Rank.R2>([1024, 1024]);
  const [w3, b3] = layer<Rank.R2>([1024, 10]);
  const forward = (x: Tensor): Tensor => {
    const hidden = tanh(add(matMul(x as Tensor2D, w1), b1)) as Tensor2D;
    return add(matMul(tanh(add(matMul(hidden, w2), b2)) as Tensor2D, w3), b3);
  };
  return network('mlp', [w1, b1, w2, b2, w3, b3], forward, (images) => reshape(images, [-1, 64]));
}

/** 28×28 pixels, 16 and 32 filters of 3×3, each with ReLU and max pooling, and a dense layer. */
export function convnet(): BenchNetwork {
  const [w1, b1] = layer<Rank.R4>([3, 3, 1, 16]);
  const [w2, b2] = layer<Rank.R4>([3, 3, 16, 32]);
  const [w3, b3] = layer<Rank.R2>([7 * 7 * 32, 10]);
  const forward = (x: Tensor): Tensor => {
    const features = halved(halved(x, w1, b1), w2, b2);
    return add(matMul(reshape(features, [-1, 7 * 7 * 32]) as Tensor2D, w3), b3);
  };
  const enlarged = (images: Tensor): Tensor => image.resizeBilinear(images as Tensor4D, [28, 28]);
  return network('convnet', [w1, b1, w2, b2, w3, b3], forward, enlarged);
}

const halved = (x: Tensor, filter: Tensor4D, bias: Tensor): Tensor =>
  maxPool(relu(add(conv2d(x as Tensor4D, filter, 1, 'same'), bias)) as Tensor4D, 2, 2, 'valid');

let seed = 1;

/** Weights of variance 1 / inputs, and biases of zero. */
function layer<R extends Rank>(shape: ShapeMap[R]): [weights: Variable<R>, bias: Variable] {
  const inputs = shape.slice(0, -1).reduce((a, b) => a * b);
  const weights = randomNormal<R>(shape, 0, inputs ** -0.5, 'float32', seed++);
  return [variable(weights), variable(zeros([shape.at(-1)!]))];
}

function network(
  name: BenchNetwork['name'],
  params: Objective['params'],
  forward: (x: Tensor) => Tensor,
  prepare: (images: Tensor) => Tensor,
): BenchNetwork {
  const { train: digits } = digitTensors();
  const images = prepare(digits.x as Tensor);
  const labels = digits.y as Tensor;
  const batch = (first: number) => {
    const rows = tensor1d(
      Array.from({ length: BATCH }, (_, i) => (first + i) % labels.shape[0]!),
      'int32',
    );
    return { x: gather(images, rows), y: gather(labels, rows) };
  };
  const objectiveOn = ({ x, y }: { x: Tensor; y: Tensor }): Objective => {
    const outputs = () => [forward(x)];
    const outputLoss = ([z]: readonly Tensor[]) => losses.softmaxCrossEntropy(y, z!) as Scalar;
    return { step: 0, params, outputs, outputLoss, loss: () => outputLoss(outputs()) };
  };
  const optimizer = train.sgd(LEARNING_RATE);
  let next = BATCH;
  const fixed = batch(0);
  return {
    name,
    ...fixed,
    objective: objectiveOn(fixed),
    train(steps) {
      for (let i = 0; i < steps; i++, next += BATCH) {
        tidy(() => {
          optimizer.minimize(() => objectiveOn(batch(next)).loss(), false, [...params]);
        });
      }
    },
  };
}
