import { variableGrads } from '@tensorflow/tfjs-core';
import type { GradientFn } from './objective.js';

/** L and ∇L at the current weights: the innermost gradient, which interventions wrap. Cost: 1 gradient evaluation. */
export const gradient: GradientFn = (objective) => {
  const { loss, params, differentiate } = objective;
  if (differentiate) return differentiate({ ...objective, differentiate: undefined }, gradient);
  const { value, grads } = variableGrads(loss, [...params]);
  return { loss: value, grads };
};
