import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { derivative } from './derivative.js';
import { runKernel } from './runKernel.js';

/**
 * Derivatives of the kernels that compute the gradients of convolutions. A convolution is bilinear in image and filter,
 * and so is each of its adjoints: their derivatives are again one of the three.
 */
export const convolutionDerivatives: readonly GradConfig[] = [
  derivative('Conv2DBackpropFilter', ['x', 'dy'], (filter, [x, dy], attrs) => ({
    x: () => runKernel('Conv2DBackpropInput', { dy: dy!, filter }, { ...attrs, inputShape: x!.shape }),
    dy: () => runKernel('Conv2D', { x: x!, filter }, { ...attrs, dilations: 1 }),
  })),
  derivative('DepthwiseConv2dNativeBackpropFilter', ['x', 'dy'], (filter, [x, dy], attrs) => ({
    x: () => runKernel('DepthwiseConv2dNativeBackpropInput', { dy: dy!, filter }, { ...attrs, inputShape: x!.shape }),
    dy: () => depthwise(x!, filter, attrs),
  })),
  derivative('DepthwiseConv2dNativeBackpropInput', ['dy', 'filter'], (x, [dy, filter], attrs) => ({
    dy: () => depthwise(x, filter!, attrs),
    filter: () =>
      runKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy: dy! }, { ...attrs, filterShape: filter!.shape }),
  })),
];

const depthwise = (x: Tensor, filter: Tensor, attrs: object): Tensor =>
  runKernel('DepthwiseConv2dNative', { x, filter }, { ...attrs, dataFormat: 'NHWC' });
