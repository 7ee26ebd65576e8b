import '@tensorflow/tfjs-layers'; // Registers the gradients, which tfjs-core by itself does not under Node.
import * as tf from '@tensorflow/tfjs-core';
import type { Batch, ChangeActivation, Mode, Objective } from '../src/core/objective.js';
import { forward, type Layer, losses, type Weights } from './reference/network.js';
import { readGolden, type Values } from './reference/readGolden.js';

/**
 * Small networks whose loss, gradient, curvature, sharpness and ranks are known exactly.
 *
 * test/reference makes the numbers in JAX at float64 and says in its README what each means; here they are read, and the
 * network is built from tfjs ops. Weights and data are the same numbers in float32.
 */
export const goldenNames = [
  'linear-softmax',
  'mlp-tanh',
  'mlp-relu',
  'mlp-gelu',
  'mlp-elu',
  'mlp-relu6',
  'mlp-swish',
  'regression',
  'multi-label',
  'conv-max-pool',
  'conv-batch-norm',
  'conv-separable',
  'autoencoder',
  'residual',
  'lstm',
  'attention',
] as const;

export type GoldenName = (typeof goldenNames)[number];

export interface Golden {
  readonly name: GoldenName;
  readonly objective: Objective;
  /** What is expected in inference mode, and in training mode where that differs. */
  readonly expected: Expected;
  readonly training?: Expected | undefined;
  /** The direction of the expected products, flat like them. */
  readonly v: readonly number[];
  /** A direction among the outputs, row by row. */
  readonly u: readonly number[];
  /** Cuts a flat vector of weight space into new tensors shaped like the parameters. */
  readonly unflat: (values: readonly number[]) => tf.Tensor[];
  readonly dispose: () => void;
}

/** Vectors of weight space are flat: the parameters in order, row by row. */
export interface Expected {
  readonly loss: number;
  /** Logits `[batch, classes]`, row by row. */
  readonly outputs: readonly number[];
  readonly gradient: readonly number[];
  readonly gradientNorm: number;
  /** Of the outputs in the weights: J v, and Jᵀ u. */
  readonly jacobian: { readonly timesV: readonly number[]; readonly transposedTimesU: readonly number[] };
  readonly hessian: Matrix & {
    /** Hĝ, ĝ = g / ‖g‖. */
    readonly timesGradient: readonly number[];
    /** ĝᵀHĝ. */
    readonly rayleighGradient: number;
  };
  readonly gaussNewton: Matrix;
  readonly nme: Matrix & {
    /** ‖(H − G)ĝ‖. */
    readonly alongGradient: number;
    /** ‖H − G‖_F / ‖H‖_F. */
    readonly share: number;
  };
  readonly sam: { readonly l2: Ascent; readonly linf: Ascent; readonly adaptive: Ascent };
  /** By hidden layer. */
  readonly features: Readonly<Record<string, Spectrum>>;
}

export interface Matrix {
  /** The matrix times `v`. */
  readonly product: readonly number[];
  readonly topEigenvalue: number;
  readonly bottomEigenvalue: number;
  /** All of them, ascending. */
  readonly eigenvalues: readonly number[];
  readonly trace: number;
  readonly frobenius: number;
  /** By parameter: the block on the diagonal that it has to itself. */
  readonly blocks: Readonly<Record<string, { readonly topEigenvalue: number; readonly trace: number }>>;
  /** The matrix up to its diagonal, row by row; of some networks. */
  readonly dense?: readonly (readonly number[])[];
}

export interface Ascent {
  readonly rho: number;
  readonly gap: number;
  readonly ascentNorm: number;
  /** Of the gradients at w and at w + ε. */
  readonly cosine: number;
  /** ∇L(w + ε). */
  readonly gradient: readonly number[];
}

export interface Spectrum {
  readonly rank: number;
  readonly effectiveRank: number;
  readonly spectralEntropy: number;
  readonly stableRank: number;
  readonly singularValues: readonly number[];
}

interface File {
  readonly layers: readonly Layer[];
  readonly hidden: readonly string[];
  readonly loss: keyof typeof losses;
  readonly x: Values;
  readonly y: Values;
  readonly params: Readonly<Record<string, Values>>;
  readonly constants: Readonly<Record<string, Values>>;
  readonly v: Values;
  readonly u: Values;
  readonly expected: { readonly inference: Expected; readonly training?: Expected };
}

let loaded = 0;

/** Builds a network on the current backend; what it holds is kept out of every tidy, until `dispose`. */
export function golden(name: GoldenName): Golden {
  const file = readGolden<File>(name);
  const prefix = `${name}-${loaded++}`;
  const params = new Map(
    Object.entries(file.params).map(([key, { values, shape }]) => [
      key,
      tf.tidy(() => tf.variable(tf.tensor(values, shape), true, `${prefix}/${key}`)),
    ]),
  );
  const constants = new Map(Object.entries(file.constants).map(([key, values]) => [key, kept(values)]));
  const weights = new Map<string, tf.Tensor>([...params, ...constants]);
  const batch = { x: kept(file.x), y: kept(file.y) };
  return {
    name,
    objective: objective(file, [...params.values()], weights, batch, 'inference'),
    expected: file.expected.inference,
    training: file.expected.training,
    v: file.v.values,
    u: file.u.values,
    unflat: (values) => unflat(values, [...params.values()]),
    dispose: () => tf.dispose([...weights.values(), batch.x, batch.y]),
  };
}

/** The numbers of tensors, one after the other. */
export const flat = (tensors: readonly tf.Tensor[]): number[] => tensors.flatMap((t) => [...t.dataSync()]);

/** The largest difference between two lists, relative to the largest number expected; infinite if a length or a number is amiss. */
export function distance(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length || actual.some(Number.isNaN)) return Number.POSITIVE_INFINITY;
  const scale = Math.max(...expected.map(Math.abs));
  return Math.max(...actual.map((a, i) => Math.abs(a - expected[i]!))) / scale;
}

function unflat(values: readonly number[], like: readonly tf.Tensor[]): tf.Tensor[] {
  let start = 0;
  return like.map(({ size, shape }) => {
    const part = values.slice(start, start + size);
    start += size;
    return tf.tensor(part, shape);
  });
}

const kept = ({ values, shape }: Values): tf.Tensor => tf.keep(tf.tensor(values, shape));

function objective(
  file: File,
  params: readonly tf.Variable[],
  weights: Weights,
  batch: Batch & { readonly x: tf.Tensor; readonly y: tf.Tensor },
  mode: Mode,
): Objective {
  let change: ChangeActivation = (activation) => activation;
  const outputs = () => [forward(file.layers, weights, batch.x, mode, change)];
  const outputLoss = ([z]: readonly tf.Tensor[]) => losses[file.loss](batch.y, z!) as tf.Scalar;
  return {
    step: 0,
    params,
    loss: () => tf.tidy(() => outputLoss(outputs())),
    outputs,
    outputLoss,
    features: (names) => names.map((name) => forward(upTo(name, file.layers), weights, batch.x, mode)),
    layers: file.hidden,
    withActivations(changed, f) {
      const before = change;
      change = changed;
      try {
        return f();
      } finally {
        change = before;
      }
    },
    batch,
    withBatch: (other) => objective(file, params, weights, other as typeof batch, mode),
    mode,
    withMode: (other) => objective(file, params, weights, batch, other),
  };
}

function upTo(name: string, layers: readonly Layer[]): readonly Layer[] {
  const last = layers.findIndex((layer) => layer.name === name);
  if (last < 0) throw new RangeError(`golden: features: no layer ${name}`);
  return layers.slice(0, last + 1);
}
