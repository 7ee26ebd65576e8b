import type { NamedTensorMap, Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';

/** Inputs and targets of one evaluation, `[batch, ...]` each; a list where the model has several inputs or outputs. */
export interface Batch {
  readonly x: Tensor | readonly Tensor[];
  readonly y: Tensor | readonly Tensor[];
  /** What each example weighs in the loss, `[batch]` for each output; `undefined` for an output that weighs all alike. */
  readonly weights?: readonly (Tensor | undefined)[] | undefined;
}

/** Gives the logits `[batch, classes]` of a network for inputs `[batch, ...]`; a list if it has several outputs. */
export type Logits = (x: Batch['x']) => Tensor | Tensor[];

/** A function of every element by itself. */
export type Elementwise = (x: Tensor) => Tensor;

/** What stands for an activation of a layer for a while. */
export type ChangeActivation = (activation: Elementwise, layer: string) => Elementwise;

/** How layers that know the difference (dropout, batch normalization) behave. */
export type Mode = 'training' | 'inference';

/**
 * What one training step minimises. Every member can be called again, at whatever weights are current.
 *
 * Members are closures, never methods: an intervention makes a new objective by spreading an old one.
 */
export interface Objective {
  /** 0-based number of the step. */
  readonly step: number;
  readonly params: readonly Variable[];
  /** The scalar to minimise, penalties included. */
  readonly loss: () => Scalar;
  /** Logits `[batch, classes]` (before a final softmax or sigmoid), one tensor for each output of the model. */
  readonly outputs?: (() => Tensor[]) | undefined;
  /** The data loss as a function of `outputs()`: loss = outputLoss(outputs()) + penalty(). */
  readonly outputLoss?: ((outputs: readonly Tensor[]) => Scalar) | undefined;
  /** What the loss holds besides the data: the regularizers of the layers. */
  readonly penalty?: (() => Scalar) | undefined;
  /** What the named layers put out in one forward pass, `[batch, ...]` each, in the order of the names. */
  readonly features?: ((layers: readonly string[]) => Tensor[]) | undefined;
  /** The hidden layers with weights, in the order of the network. */
  readonly layers?: readonly string[] | undefined;
  /** Runs `f`, in which every activation of the network is what `change` makes of it; not what turns logits into outputs. */
  readonly withActivations?: (<T>(change: ChangeActivation, f: () => T) => T) | undefined;
  readonly batch?: Batch | undefined;
  /** The same objective on other data. */
  readonly withBatch?: ((batch: Batch) => Objective) | undefined;
  readonly mode?: Mode | undefined;
  /** The same objective with the model in the other mode. */
  readonly withMode?: ((mode: Mode) => Objective) | undefined;
  /** The objectives whose mean it is, where it is evaluated in parts: see `inParts`. */
  readonly parts?: readonly Part[] | undefined;
  /** Takes its gradient in place of the loop, which is `plain`: how an intervention gets at the very loss, whatever stands further in. */
  readonly differentiate?: ((objective: Objective, plain: GradientFn) => Gradient) | undefined;
}

/** An objective on a part of the batch. */
export interface Part {
  readonly objective: Objective;
  /** How many of the batch. */
  readonly examples: number;
}

/** A loss and its gradient at the current weights. */
export interface Gradient {
  readonly loss: Scalar;
  /** By parameter name, shaped like the parameters. */
  readonly grads: NamedTensorMap;
  /** What interventions say about themselves, by metric name. Evaluated only when somebody listens, within the step. */
  readonly report?: Report | undefined;
  /** Gradient evaluations it took, where they are not 1. */
  readonly cost?: number | undefined;
}

/** What interventions say about themselves, by metric name; a function is called only when somebody listens. */
export type Report = Readonly<Record<string, () => Scalar | number>>;

/** What `JSON.stringify` writes and `JSON.parse` reads back unchanged: numbers are finite. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A step of the optimizer that is about to be made. */
export interface Update {
  /** 0-based number of the step. */
  readonly step: number;
  readonly params: readonly Variable[];
  /** η of the optimizer, as it is now; `undefined` where it tells none. */
  readonly learningRate: number | undefined;
}

/** The gradient of an objective; what an intervention wraps. */
export interface GradientFn {
  (objective: Objective): Gradient;
  /** Wraps the step of the optimizer, for what acts on the weights and not on the gradient. Calls `apply` once. */
  update?(apply: () => void, update: Update): void;
  /** Frees what it keeps between steps. */
  dispose?(): void;
  /** What it keeps between steps and needs to go on; tensors as `pack` writes them. Changes nothing. */
  state?(): Json;
  /** Takes back what `state` gave, perhaps in another process. Called before the first step. */
  restore?(state: Json): void;
}
