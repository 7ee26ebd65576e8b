import { backend_util, reshape, sum, type Tensor } from '@tensorflow/tfjs-core';

/** The adjoint of broadcasting: sums `d` over what a tensor of this shape was repeated along; `d` itself if over nothing. */
export function sumTo(d: Tensor, shape: readonly number[]): Tensor {
  if (d.shape.join() === shape.join()) return d;
  const axes = backend_util.getReductionAxes([...shape], d.shape);
  return reshape(axes.length > 0 ? sum(d, axes) : d, [...shape]);
}
