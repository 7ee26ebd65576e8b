import type { Optimizer, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** The parts of tfjs-layers 4.22 that instrumenting relies on; most are private there. Checked below. */
export interface ModelInternals {
  readonly name: string;
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly layers: readonly LayerInternals[];
  optimizer_: Optimizer | undefined;
  lossFunctions: readonly LossFunction[];
  metricsTensors: readonly unknown[];
  makeTrainFunction(): TrainFunction;
  fit(x: unknown, y: unknown, args?: FitArgs): Promise<unknown>;
  fitDataset(dataset: unknown, args: FitArgs): Promise<unknown>;
  compile(args: unknown): void;
  apply(x: readonly Tensor[] | Tensor, kwargs: Record<string, unknown>): Tensor | Tensor[];
  calculateLosses(): Scalar[];
  /** Inputs and targets as `fit` takes them; throws where it would. What it makes, it leaves to the caller. */
  standardizeUserDataXY(x: unknown, y: unknown, checkBatchAxis: boolean): [Tensor[], Tensor[]];
}

export type LossFunction = (target: Tensor, output: Tensor) => Tensor;
/** Inputs, targets and sample weights of a batch in; the loss and the metrics out. */
export type TrainFunction = (data: readonly Tensor[]) => Scalar[];
export interface FitArgs {
  callbacks?: unknown;
  epochs?: number;
}

export interface SymbolicTensor {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly sourceLayer: LayerInternals;
  readonly outputTensorIndex?: number;
}

export interface LayerInternals {
  readonly name: string;
  readonly weights: readonly { read(): Variable }[];
  readonly trainableWeights: readonly { readonly shape: readonly number[] }[];
  readonly layers?: readonly LayerInternals[];
  readonly outputs?: readonly SymbolicTensor[];
  readonly stateful?: boolean;
  /** What a wrapper wraps. */
  readonly layer?: LayerInternals;
  readonly forwardLayer?: LayerInternals;
  readonly backwardLayer?: LayerInternals;
  activation?: Activation;
  /** Of the cell of a recurrent layer. */
  recurrentActivation?: Activation;
  readonly cell?: LayerInternals;
  /** Of several cells on top of each other. */
  readonly cells?: readonly LayerInternals[];
  softmax?: (x: Tensor, axis?: Axis) => Tensor;
  /** Of a Softmax. */
  readonly axis?: Axis;
  getClassName(): string;
  call(inputs: Tensor | Tensor[], kwargs: Record<string, unknown>): Tensor | Tensor[];
}

type Axis = number | undefined;

export interface Activation {
  apply(x: Tensor): Tensor;
  getClassName(): string;
}

/**
 * The model that computes: a Sequential hides it in `.model`.
 *
 * @throws TypeError, naming `who` asked, if it is not a model as tfjs-layers 4.22 makes them.
 */
export function innerModel(who: string, model: LayersModel): ModelInternals {
  const inner = ((model as unknown as { model?: unknown } | null)?.model ?? model) as ModelInternals | null;
  for (const method of ['makeTrainFunction', 'calculateLosses', 'apply', 'standardizeUserDataXY'] as const) {
    if (typeof inner?.[method] === 'function') continue;
    throw unknownModel(who, method);
  }
  return inner!;
}

/** @throws Error if the model is not compiled. */
export function compiledModel(model: LayersModel): ModelInternals {
  const inner = innerModel('instrument', model);
  if (!inner.optimizer_) {
    throw new Error('instrument: the model is not compiled; call model.compile({ optimizer, loss }) first');
  }
  for (const list of ['metricsTensors', 'lossFunctions'] as const) {
    if (!Array.isArray(inner[list])) throw unknownModel('instrument', list);
  }
  return inner;
}

const unknownModel = (who: string, lacks: string): TypeError =>
  new TypeError(`${who}: it takes a LayersModel of tfjs-layers 4.22, which has ${lacks}`);

/** Every layer, those of nested models included. */
export const allLayers = (layers: readonly LayerInternals[]): LayerInternals[] =>
  layers.flatMap((layer) => (layer.layers ? [layer, ...allLayers(layer.layers)] : [layer]));

/** What a wrapper wraps. */
export const wrapped = ({ layer, forwardLayer, backwardLayer }: LayerInternals): LayerInternals[] =>
  [layer, forwardLayer, backwardLayer].filter((inner) => inner !== undefined);

/** Every weight once, shared or not, in an order that freezing does not change. */
export const allWeights = ({ layers }: Pick<ModelInternals, 'layers'>): Variable[] => [
  ...new Set(allLayers(layers).flatMap((layer) => (layer.layers ? [] : layer.weights.map((weight) => weight.read())))),
];

/** The layer that makes an output, looked up in nested models. */
export const outputLayer = ({ sourceLayer, outputTensorIndex }: SymbolicTensor): LayerInternals =>
  innermost(sourceLayer, outputTensorIndex);

/** The layer itself; of a nested model, the one that makes the output. */
export function innermost(layer: LayerInternals, output = 0): LayerInternals {
  const nested = layer.outputs?.[output];
  return layer.layers && nested ? outputLayer(nested) : layer;
}

/** Hidden layers that learn a map (a kernel), in the order of the network: what rank is measured of by default. */
export function hiddenLayers(model: ModelInternals): string[] {
  const last = new Set(model.outputs.map(outputLayer));
  return allLayers(model.layers)
    .filter((layer) => !layer.layers && !last.has(layer))
    .filter(({ trainableWeights }) => trainableWeights.some(({ shape }) => shape.length >= 2))
    .map(({ name }) => name);
}
