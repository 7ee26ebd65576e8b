import { argMax, equal, mean, type Tensor } from '@tensorflow/tfjs-core';
import type { Batch } from '../../../../src/core/objective.js';

/** The share of examples whose largest logit is that of their class. */
export const accuracy = (logits: (x: Tensor) => Tensor, { x, y }: Batch): number =>
  mean(equal(argMax(logits(x as Tensor), -1), argMax(y as Tensor, -1))).dataSync()[0]!;
