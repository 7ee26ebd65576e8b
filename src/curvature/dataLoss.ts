import type { Scalar } from '@tensorflow/tfjs-core';
import type { Objective } from '../core/objective.js';

/** The loss whose curvature is measured: without penalties, wherever the objective tells them apart. */
export const dataLoss = ({ loss, outputs, outputLoss }: Objective): (() => Scalar) =>
  outputs && outputLoss ? () => outputLoss(outputs()) : loss;
