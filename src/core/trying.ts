import { getBackend } from '@tensorflow/tfjs-core';
import type { GradientFn } from './objective.js';
import type { Loop } from './run.js';
import type { Measurement } from './watching.js';

/** The trial of a loop's gradients. */
export interface Trying {
  /** The same gradient; tried the first time it is taken, if that is still owed. */
  once(compute: GradientFn): GradientFn;
  /** Tells what was wrong, if that is still to be told. */
  tell(step: number): void;
}

/**
 * Tries once what the loop computes its gradients by, as it computes them: the gradient is the same, bit for bit. Each kernel
 * whose gradient was wrong is a `gradient.self_check` of its own.
 */
export function trying(tryGradients: Loop['tryGradients'], publish: (measurement: Measurement) => void): Trying {
  let owed = tryGradients !== undefined;
  let wrong: readonly (readonly [string, number])[] = [];
  return {
    once: (compute) => (objective) => {
      if (!owed) return compute(objective);
      owed = false;
      const tried = tryGradients!(() => compute(objective));
      wrong = [...tried.wrong];
      return tried.result;
    },
    tell(step) {
      const attributes = { verdict: 'wrong', backend: getBackend() };
      for (const [kernel, value] of wrong) {
        publish({ name: 'gradient.self_check', unit: '1', step, value, attributes: { ...attributes, kernel } });
      }
      wrong = [];
    },
  };
}
