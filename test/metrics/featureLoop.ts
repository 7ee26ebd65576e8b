import * as tf from '@tensorflow/tfjs-core';
import type { Objective } from '../../src/core/objective.js';
import { objectiveOf } from '../conformance/objectiveOf.js';

/** A loop whose layer `phi` puts out the features given. */
export const featureLoop = (features: tf.Tensor): Objective => ({
  ...objectiveOf([], () => tf.scalar(0)),
  features: (layers) => layers.map(() => features),
  layers: ['phi'],
});
