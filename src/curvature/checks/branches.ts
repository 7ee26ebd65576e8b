import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { flat } from '../tape/pullback.js';
import { replaceMethods } from '../tape/replaceMethods.js';
import { tapeEngine } from '../tape/tape.js';
import { type Piecewise, piecewise } from './pieces.js';

/** What a computation decided: the outcomes of its comparisons, steps and orderings, one after the other. */
export interface Branches {
  /** Repeats the computation elsewhere on the same branches: on a smooth continuation of the piece it was on. */
  follow<T>(f: () => T): T;
  /**
   * Whether a computation would have decided otherwise where it followed, on something that was held in the gradient only:
   * its value may then have a kink in between. ReLU and its like are held in both.
   */
  crossed(): boolean;
  dispose(): void;
}

/** Runs `f` and keeps what it decided. */
export function takeBranches(f: () => void): Branches {
  const engine = tapeEngine();
  const taken: Tensor[] = [];
  let crossed = false;
  const dispose = (): void => {
    for (const t of taken.splice(0)) t.dispose();
  };
  try {
    deciding(f, (made, copy) => {
      taken.push(engine.keep(copy(made)));
      return made;
    });
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    dispose,
    crossed: () => crossed,
    follow<T>(g: () => T): T {
      let next = 0;
      const result = deciding(g, (made, copy, apart) => {
        const before = taken[next++];
        if (before?.shape.join() !== made.shape.join()) throw unrepeated();
        crossed ||= !apart && !same(before!, made);
        return copy(before!);
      });
      if (next !== taken.length) throw unrepeated();
      return result;
    },
  };
}

const unrepeated = (): Error =>
  new Error('selfCheck: the loss is another at each evaluation; it must be a function of the weights');

type Copy = (tensor: Tensor) => Tensor;

function same(a: Tensor, b: Tensor): boolean {
  const values = b.dataSync();
  return a.dataSync().every((value, i) => value === values[i]);
}

/**
 * Runs `f`, and puts `decide(made)` in the place of whatever a kernel makes that carries no derivative. Kernels that decide
 * within themselves are taken apart for it; `apart` says that it is one of those that decides. What a backend runs within a
 * kernel belongs to that kernel: one backend's ClipByValue is a Minimum and a Maximum of another's.
 */
function deciding<T>(f: () => T, decide: (made: Tensor, copy: Copy, apart: boolean) => Tensor): T {
  const engine = tapeEngine();
  const run = engine.runKernel.bind(engine);
  const copy: Copy = (x) => run('Identity', { x }) as Tensor;
  let apart = false;
  const takeApart = (kernel: Piecewise, inputs: NamedTensorMap, attrs: object): Tensor => {
    apart = true;
    try {
      return kernel(inputs, attrs);
    } finally {
      apart = false;
    }
  };
  const runKernel = (kernelName: string, inputs: NamedTensorMap, attrs: object = {}) => {
    if (engine.state.kernelDepth > 0) return run(kernelName, inputs, attrs);
    const kernel = piecewise(kernelName, inputs);
    if (kernel) return takeApart(kernel, inputs, attrs);
    const made = run(kernelName, inputs, attrs);
    if (Array.isArray(made) || (made.dtype === 'float32' && !flat.has(kernelName))) return made;
    return decide(made, copy, apart);
  };
  const putBack = replaceMethods(engine, { runKernel });
  try {
    return f();
  } finally {
    putBack();
  }
}
