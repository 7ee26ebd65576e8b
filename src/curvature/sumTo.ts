import { backend_util, reshape, sum, type Tensor } from '@tensorflow/tfjs-core';

/** The adjoint of broadcasting: sums `d` over what a tensor of this shape was repeated along. */
export function sumTo(d: Tensor, shape: readonly number[]): Tensor {
  const axes = backend_util.getReductionAxes([...shape], d.shape);
  return reshape(axes.length > 0 ? sum(d, axes) : d, [...shape]);
}
