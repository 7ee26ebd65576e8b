import { clone, dispose, keep, type Tensor } from '@tensorflow/tfjs-core';
import type { Program, Source, Step } from './program.js';
import { replaceMethods } from './replaceMethods.js';
import type { NamedKernel, TapeEngine } from './tape.js';

/** What a function made of its arguments, and how. */
export interface Trace {
  readonly results: Tensor[];
  /** None where the function may go another way with other values. */
  readonly program: Program | undefined;
  /** What the program reads besides its arguments, and would be gone else. */
  readonly kept: readonly Tensor[];
}

/**
 * Runs `f` and writes down the kernels that work on what depends on its arguments. The caller owns results and `kept`.
 *
 * There is no program where `f` reads the values of such, or hands them on past the engine.
 */
export function trace(engine: TapeEngine, f: (xs: readonly Tensor[]) => Tensor[], xs: readonly Tensor[]): Trace {
  // Clones, for an argument may be a tensor that `f` knows as its own: what it reads as such is always the same.
  const own = xs.map((x) => clone(x));
  const log = new KernelLog(engine, own);
  const putBack = replaceMethods(engine, watched(engine, log));
  try {
    const results = f(own);
    putBack();
    return { results: results.map((y) => (own.includes(y) ? clone(y) : y)), ...log.ending(results) };
  } catch (error) {
    putBack();
    log.discard();
    throw error;
  } finally {
    dispose(own);
  }
}

/** The engine's ways of running a kernel and of reading values, which tell a log. What a kernel does inside is its own affair. */
function watched(engine: TapeEngine, log: KernelLog): Pick<TapeEngine, 'runKernelFunc' | 'readSync' | 'read'> {
  const [run, readSync, read] = [engine.runKernelFunc, engine.readSync, engine.read].map((f) => f.bind(engine)) as [
    TapeEngine['runKernelFunc'],
    TapeEngine['readSync'],
    TapeEngine['read'],
  ];
  let inside = false;
  return {
    runKernelFunc(call) {
      if (inside || !('kernelName' in call)) return run(call);
      inside = true;
      try {
        const made = run(call);
        log.add(call, Array.isArray(made) ? made : [made]);
        return made;
      } finally {
        inside = false;
      }
    },
    readSync(data) {
      if (!inside) log.values(data);
      return readSync(data);
    },
    read(data) {
      if (!inside) log.values(data);
      return read(data);
    },
  };
}

class KernelLog {
  readonly #places = new Map<number, number>();
  /** The data of what depends on the arguments, under whatever tensors it goes. */
  readonly #data = new Set<object>();
  readonly #shapes: (readonly number[])[] = [];
  readonly #steps: Step[] = [];
  readonly #kept: Tensor[] = [];
  /** Tensors with a larger id are made by the function. */
  readonly #last: number;
  #straight = true;

  constructor(engine: TapeEngine, xs: readonly Tensor[]) {
    this.#last = engine.nextTensorId();
    for (const x of xs) this.#place(x);
  }

  add({ kernelName, inputs, attrs }: NamedKernel, outputs: readonly Tensor[]): void {
    const read: (Tensor | null | undefined)[] = Object.values(inputs);
    if (!read.some((x) => x && this.#data.has(x.dataId))) return;
    const sources = read.map((x) => x && this.#source(x));
    const bound = Array.isArray(inputs)
      ? (sources as Source[])
      : Object.fromEntries(Object.keys(inputs).map((name, i) => [name, sources[i]]));
    this.#steps.push({ kernelName, inputs: bound, attrs, outputs: outputs.map((y) => this.#place(y)) });
  }

  /** Values were asked for. */
  values(data: object): void {
    if (this.#data.has(data)) this.#straight = false;
  }

  /** The program, once its results are there. */
  ending(results: readonly Tensor[]): Omit<Trace, 'results'> {
    const sources = results.map((y) => (this.#data.has(y.dataId) ? this.#source(y) : this.#keep(clone(y))));
    if (this.#kept.some(({ isDisposed }) => isDisposed)) this.#straight = false;
    if (this.#straight) {
      return { program: { shapes: this.#shapes, steps: this.#steps, results: sources }, kept: this.#kept };
    }
    this.discard();
    return { program: undefined, kept: [] };
  }

  discard(): void {
    for (const tensor of this.#kept) tensor.dispose();
  }

  #source(x: Tensor): Source {
    const place = this.#places.get(x.id);
    if (place !== undefined) return place;
    if (this.#data.has(x.dataId)) this.#straight = false;
    // What is older is the record's or the caller's, and what is kept is somebody else's.
    return x.id > this.#last && !x.kept ? this.#keep(x) : x;
  }

  #keep(x: Tensor): Tensor {
    this.#kept.push(keep(x));
    return x;
  }

  #place(x: Tensor): number {
    // A kernel that hands its input on: whether the two are one cannot be told by their places.
    if (this.#places.has(x.id)) this.#straight = false;
    this.#places.set(x.id, this.#shapes.length);
    this.#data.add(x.dataId);
    return this.#shapes.push(x.shape) - 1;
  }
}
