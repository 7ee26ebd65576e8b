import type { NamedTensorMap } from '@tensorflow/tfjs-core';
import type { Gradient, Report } from '../core/objective.js';

/** What the optimizer gets of a step that began with the gradient at w: that loss, these gradients, and more to report. */
export const handedOn = ({ loss, report }: Gradient, grads: NamedTensorMap, more: Report): Gradient => ({
  loss,
  grads,
  report: { ...report, ...more },
});
