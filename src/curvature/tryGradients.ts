import { type GradConfig, getGradient, norm, sub, type Tensor } from '@tensorflow/tfjs-core';
import { layGradients } from './layGradients.js';
import { scoped } from './scoped.js';
import { wrongGradients } from './wrongGradients.js';

/** Relative to the right gradient; float32 rounds a thousand times less. */
const TOLERANCE = 1e-3;

/** What a computation of gradients has come to, and by how much it was wrong. */
export interface Trial<T> {
  readonly result: T;
  /** ‖d − right‖ / ‖right‖ of the worst gradient that was used, by kernel: only of those that were wrong. */
  readonly wrong: ReadonlyMap<string, number>;
}

/**
 * Runs a computation of gradients, and tries each gradient of tfjs that is known to be wrong at times against the right
 * one, on the very numbers it was used on. The result is that of tfjs, bit for bit.
 *
 * - Cost: the gradients of the kernels that are tried, twice; where there are none, microseconds.
 */
export function tryGradients<T>(f: () => T): Trial<T> {
  const wrong = new Map<string, number>();
  const tell = (kernelName: string, error: number): void => {
    if (!(error <= TOLERANCE)) wrong.set(kernelName, Math.max(error, wrong.get(kernelName) ?? 0));
  };
  const trials = wrongGradients.flatMap((right) => {
    const stock = getGradient(right.kernelName) as GradConfig | undefined;
    return stock && stock !== right && !stock.saveAllInputs ? [trial(stock, right, tell)] : [];
  });
  const takeOff = layGradients(trials);
  try {
    return { result: f(), wrong };
  } finally {
    takeOff();
  }
}

/** The gradient of tfjs, which saves for the right one too, and compares what is asked of it. */
function trial(stock: GradConfig, right: GradConfig, tell: (kernelName: string, error: number) => void): GradConfig {
  const [own, ours] = [stock.inputsToSave ?? [], right.inputsToSave ?? []];
  const outputsToSave = stock.outputsToSave ?? right.outputsToSave ?? [];
  return {
    kernelName: stock.kernelName,
    inputsToSave: [...own, ...ours],
    outputsToSave,
    gradFunc: (dy, saved, attrs) => {
      const outputs = saved.slice(own.length + ours.length);
      const savedFor = (config: GradConfig, inputs: Tensor[]): Tensor[] =>
        config.outputsToSave ? [...inputs, ...outputs] : inputs;
      const theirs = stock.gradFunc(dy, savedFor(stock, saved.slice(0, own.length)), attrs);
      const better = (): ReturnType<GradConfig['gradFunc']> =>
        right.gradFunc(dy, savedFor(right, saved.slice(own.length, own.length + ours.length)), attrs);
      return Object.fromEntries(
        Object.entries(theirs).map(([input, make]) => [
          input,
          () => {
            const d = make();
            tell(
              stock.kernelName,
              errorOf(d, () => better()[input]!()),
            );
            return d;
          },
        ]),
      );
    },
  };
}

/** 0 where there is no right one to compare with: what only watches must not end the training. */
function errorOf(d: Tensor, right: () => Tensor): number {
  try {
    return scoped(() => {
      const wanted = right();
      const [difference, size] = [sub(d, wanted), wanted].map((t) => norm(t).dataSync()[0]!);
      return difference === 0 ? 0 : difference! / (size || 1);
    });
  } catch {
    return 0;
  }
}
