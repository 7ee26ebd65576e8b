import type { Mode } from '../../src/core/objective.js';
import { readGolden, type Values } from './readGolden.js';

/** The families of small models of layers with golden numbers, each in a file `layers-<family>.json`. */
export const layerFamilies = [
  'activations',
  'convolutions',
  'pooling',
  'shapes',
  'normalization',
  'recurrence',
  'losses',
] as const;

export type LayerFamily = (typeof layerFamilies)[number];

/** A model of layers, with numbers: layer_golden.py says what they are of. */
export interface LayerCase {
  readonly model: ModelSpec;
  /** One for each output: a name of tfjs-layers, or `tf.` and one of tf.losses. */
  readonly losses: readonly string[];
  readonly mode: Mode;
  readonly x: readonly Values[];
  readonly y: readonly Values[];
  /** What each example weighs, for each output. */
  readonly exampleWeights?: readonly Values[];
  /** By layer, as `setWeights` takes them. Parameters come in this order. */
  readonly weights: Readonly<Record<string, readonly Values[]>>;
  readonly v: Values;
  readonly expected: {
    readonly loss: number;
    readonly gradient: readonly number[];
    /** H v */
    readonly hessian: readonly number[];
    /** G v */
    readonly gaussNewton: readonly number[];
  };
}

/** Layers in an order in which they can be applied; names are those of inputs and nodes. */
export interface ModelSpec {
  readonly inputs: readonly string[];
  readonly layers: readonly NodeSpec[];
  readonly outputs: readonly string[];
}

export interface LayerSpec {
  /** A function of `tf.layers`, or `selfAttention`. */
  readonly layer: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface NodeSpec extends LayerSpec {
  readonly name: string;
  /** What it is applied to; default is the node before. */
  readonly from?: readonly string[];
  /** The node whose layer it applies again. */
  readonly shares?: string;
  /** In place of a layer. */
  readonly model?: ModelSpec;
}

/** The cases of a family by title. */
export const layerCases = (family: LayerFamily): Readonly<Record<string, LayerCase>> => readGolden(`layers-${family}`);
