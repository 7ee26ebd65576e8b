import { type DataId, type DataValues, engine, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';

/** One operation that the engine of TensorFlow.js recorded. */
export interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, Tensor | null | undefined>>;
  readonly outputs: readonly Tensor[];
  /** Inside `twiceDifferentiable`. */
  attrs?: object;
  /** What the gradient reads, kept alive until the tape is released. */
  readonly saved?: readonly (Tensor | undefined)[];
  readonly gradient?: (dys: readonly (Tensor | undefined)[]) => Readonly<Record<string, Derivative>>;
}

/** What flows back to one input. */
export interface Derivative {
  (): Tensor;
  /** The same, of size 1 along axes that it repeats itself along. */
  readonly narrow?: () => Tensor;
}

type BackwardsFunc = (dy: Tensor, saved: Tensor[]) => Record<string, () => Tensor>;

/** A call of what `tf.customGrad` made. */
export interface CustomKernel {
  readonly inputs: NamedTensorMap;
  readonly forwardFunc: (backend: unknown, save: (tensors: Tensor[]) => void) => Tensor;
  readonly backwardsFunc: BackwardsFunc;
}

/** A call of a kernel that is registered by its name. */
export interface NamedKernel {
  readonly kernelName: string;
  readonly inputs: NamedTensorMap;
  readonly attrs?: object;
}

/** The private side of the engine on which second derivatives rest. */
export interface TapeEngine {
  readonly state: { activeTape: TapeNode[] | null; gradientDepth: number; kernelDepth: number };
  readonly backend: unknown;
  isTapeOn(): boolean;
  startTape(): void;
  endTape(): void;
  startScope(name?: string): void;
  endScope(result?: Tensor[]): void;
  keep<T extends Tensor>(tensor: T): T;
  runKernel(kernelName: string, inputs: NamedTensorMap, attrs?: object): Tensor | Tensor[];
  addTapeNode(
    kernelName: string,
    inputs: NamedTensorMap,
    outputs: readonly Tensor[],
    gradient: BackwardsFunc | null,
    saved: readonly Tensor[],
    attrs: object,
  ): void;
  saveTensorsForBackwardMode(tensors: readonly (Tensor | undefined)[]): (Tensor | undefined)[];
  runKernelFunc(call: NamedKernel | CustomKernel): Tensor | Tensor[];
  readSync(data: DataId): DataValues;
  read(data: DataId): Promise<DataValues>;
  nextTensorId(): number;
  gradients(f: () => Tensor, xs: readonly Tensor[], dy?: Tensor | null): { value: Tensor; grads: Tensor[] };
}

const methods = [
  'isTapeOn',
  'startTape',
  'endTape',
  'startScope',
  'endScope',
  'keep',
  'runKernel',
  'addTapeNode',
  'saveTensorsForBackwardMode',
  'runKernelFunc',
  'readSync',
  'read',
  'nextTensorId',
  'gradients',
] as const;

/**
 * The engine, seen from inside.
 *
 * @throws Error if this version of TensorFlow.js has moved what is needed.
 */
export function tapeEngine(): TapeEngine {
  const found = engine() as unknown as TapeEngine;
  const missing = methods.filter((name) => typeof found[name] !== 'function');
  if (missing.length > 0 || typeof found.state?.gradientDepth !== 'number') {
    throw new Error(
      `twiceDifferentiable: the engine of this TensorFlow.js has no ${missing.join(', ') || 'state.gradientDepth'}; ` +
        'exact second derivatives need @tensorflow/tfjs-core ^4.22.0',
    );
  }
  return found;
}

/** Frees what the gradients of these nodes would read. They can be walked no more. */
export function release(nodes: Iterable<TapeNode>): void {
  for (const node of nodes) for (const tensor of node.saved ?? []) tensor?.dispose();
}

/** Runs `f`; if it throws, frees what it had recorded, which tfjs would keep for ever. */
export function cleanly<T>(f: () => T): T {
  const { state } = tapeEngine();
  const outer = state.gradientDepth > 0 ? state.activeTape!.length : 0;
  try {
    return f();
  } catch (error) {
    release(state.activeTape?.splice(outer) ?? []);
    throw error;
  }
}
