import { type NamedTensorMap, neg } from '@tensorflow/tfjs-core';
import { addScaled, dot, ofLength } from '../core/namedTensors.js';

/** v − (v·û) û, û = u/‖u‖: the part of v orthogonal to u; v itself where u = 0. */
export function orthogonal(v: NamedTensorMap, u: NamedTensorMap): NamedTensorMap {
  const along = ofLength(u, 1);
  return addScaled(v, along, neg(dot(v, along)));
}
