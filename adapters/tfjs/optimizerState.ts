import { dispose, engine, type Optimizer, scalar, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { type Packed, pack, unpack } from '../../src/core/pack.js';
import { override } from './override.js';

/** What an optimizer of tfjs keeps between steps, bit for bit, also where its `getWeights` leaves it out. */
export type OptimizerState = {
  /** Its class, and whether it is centered. */
  readonly kind: string;
  readonly learningRate: number;
  readonly iterations: number;
  /** By field: the powers of β so far, and Adamax's own count. */
  readonly scalars: Readonly<Record<string, number>>;
  /** By field: one tensor a parameter, in the order in which the optimizer met them. */
  readonly slots: Readonly<Record<string, readonly Slot[]>>;
};

/** What an optimizer keeps for one parameter: a velocity, a moment. */
export type Slot = { readonly name: string; readonly tensor: Packed };

/** The private parts of the optimizers of tfjs-core 4.22. */
type Internals = Optimizer & {
  learningRate: number;
  iterations_: number | undefined;
  centered?: boolean;
  setLearningRate?(learningRate: number): void;
} & Record<string, unknown>;

interface SlotVariable {
  readonly originalName: string;
  readonly variable: Variable;
}

/** Where each kind keeps its slots, which are lists, and the scalars that `getWeights` leaves out. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  SGD: [],
  Momentum: ['accumulations'],
  Adagrad: ['accumulatedGrads'],
  Adadelta: ['accumulatedGrads', 'accumulatedUpdates'],
  RMSProp: ['accumulatedMeanSquares', 'accumulatedMoments', 'accumulatedMeanGrads'],
  Adam: ['accumulatedFirstMoment', 'accumulatedSecondMoment', 'accBeta1', 'accBeta2'],
  Adamax: ['accumulatedFirstMoment', 'accumulatedWeightedInfNorm', 'accBeta1', 'iteration'],
};

/** @throws TypeError for an optimizer that is none of the seven of tfjs 4.22. */
export function optimizerState(optimizer: Optimizer): OptimizerState {
  const inner = optimizer as Internals;
  const { slots, scalars } = fieldsOf(inner);
  return {
    kind: kindOf(inner),
    learningRate: inner.learningRate,
    iterations: inner.iterations_ ?? 0,
    scalars: Object.fromEntries(scalars.map((field) => [field, (inner[field] as Variable).dataSync()[0]!])),
    slots: Object.fromEntries(slots.map((field) => [field, slotsOf(inner, field).map(packSlot)])),
  };
}

/** @throws Error if the state is of another kind of optimizer. */
export function checkOptimizer({ kind }: OptimizerState, optimizer: Optimizer): void {
  fieldsOf(optimizer as Internals);
  const ours = kindOf(optimizer as Internals);
  if (kind === ours) return;
  throw new Error(`instrument: the state is of the optimizer ${kind}, this one is ${ours}; train on with ${kind}`);
}

/** Puts the state into an optimizer of its kind, in place of what it has. Its learning rate too. */
export function restoreOptimizer(state: OptimizerState, optimizer: Optimizer): void {
  const inner = optimizer as Internals;
  if (inner.setLearningRate) inner.setLearningRate(state.learningRate);
  else inner.learningRate = state.learningRate;
  inner.iterations_ = state.iterations;
  for (const [field, value] of Object.entries(state.scalars)) {
    tidy(() => (inner[field] as Variable).assign(scalar(value)));
  }
  for (const [field, slots] of Object.entries(state.slots)) {
    dispose(slotsOf(inner, field).map(({ variable }) => variable));
    Object.assign(inner, { [field]: slots.map(unpackSlot) });
  }
}

/**
 * Where the parameters are not known before the first update, holds their shapes against those of the slots then.
 *
 * tfjs pairs slots with parameters by position, and would broadcast one against another. Returns what ends the check.
 */
export function checkedAtFirstUpdate({ slots }: OptimizerState, optimizer: Optimizer): () => void {
  const shapes = Object.values(slots)[0]?.map(({ tensor }) => tensor.shape) ?? [];
  const applyGradients = optimizer.applyGradients.bind(optimizer);
  let checked = shapes.length === 0;
  return override(optimizer, 'applyGradients', (gradients) => {
    if (!checked) {
      const names = Array.isArray(gradients) ? gradients.map(({ name }) => name) : Object.keys(gradients);
      const overlap = Math.min(names.length, shapes.length);
      const now = names.map((name) => engine().registeredVariables[name]!.shape);
      checkShapes(shapes.slice(0, overlap), now.slice(0, overlap));
      checked = true;
    }
    applyGradients(gradients);
  });
}

/** @throws RangeError if weights are not as many as in the state, or not of its shapes. */
export function checkShapes(saved: readonly Shape[], now: readonly Shape[]): void {
  const remedy = 'make the network that the state was taken from';
  if (saved.length !== now.length) {
    throw new RangeError(`instrument: the state is of ${saved.length} weights, there are ${now.length}; ${remedy}`);
  }
  saved.forEach((shape, i) => {
    const ours = now[i]!;
    if (`${shape}` === `${ours}`) return;
    const [theirs, here] = [shape, ours].map((sizes) => `[${sizes.join(', ')}]`);
    throw new RangeError(`instrument: weight ${i} has the shape ${theirs} in the state and ${here} here; ${remedy}`);
  });
}

export type Shape = readonly number[];

const slotsOf = (optimizer: Internals, field: string): readonly SlotVariable[] => optimizer[field] as SlotVariable[];

const packSlot = ({ originalName, variable }: SlotVariable): Slot => ({ name: originalName, tensor: pack(variable) });

const unpackSlot = ({ name, tensor }: Slot): SlotVariable => ({
  originalName: name,
  variable: tidy(() => variable(unpack(tensor), false)),
});

const kindOf = (optimizer: Internals): string =>
  optimizer.centered ? `${optimizer.getClassName()} (centered)` : optimizer.getClassName();

/** @throws TypeError for an optimizer whose fields are not known, or not where they should be. */
function fieldsOf(optimizer: Internals): { slots: readonly string[]; scalars: readonly string[] } {
  const kind = optimizer.getClassName();
  const fields = FIELDS[kind];
  if (!fields?.every((field) => typeof optimizer[field] === 'object')) {
    throw new TypeError(
      `run.state: the optimizer must be one of tfjs-core 4.22, ${Object.keys(FIELDS).join(', ')}, got ${kind}; ` +
        'save another by yourself',
    );
  }
  const isList = (field: string): boolean => Array.isArray(optimizer[field]);
  return { slots: fields.filter(isList), scalars: fields.filter((field) => !isList(field)) };
}
