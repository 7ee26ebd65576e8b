import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { LayerVariable } from '@tensorflow/tfjs-layers';

/** Sets a weight to the very numbers: `LayerVariable.write` would apply its constraint to them. */
export function setVariable(weight: LayerVariable, value: Tensor): void {
  (weight.read() as Variable).assign(value);
}
