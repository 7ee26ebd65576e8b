import {
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  conv2d,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  depthwiseConv2d,
  engine,
  type GradConfig,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';

/**
 * Derivatives of the kernels that compute the gradients of convolutions. A convolution is bilinear in image and filter,
 * and so is each of its adjoints: their derivatives are again one of the three.
 */
export const convolutionDerivatives: readonly GradConfig[] = [
  {
    kernelName: Conv2DBackpropFilter,
    inputsToSave: ['x', 'dy'],
    gradFunc: (d, [x, dy], attrs) => ({
      x: () => run(Conv2DBackpropInput, { dy: dy!, filter: one(d) }, { ...settings(attrs), inputShape: x!.shape }),
      dy: () => {
        const { strides, pad, dataFormat, dimRoundingMode } = settings(attrs);
        return conv2d(x as Tensor4D, one(d) as Tensor4D, strides, pad, dataFormat, 1, dimRoundingMode);
      },
    }),
  },
  {
    kernelName: DepthwiseConv2dNativeBackpropFilter,
    inputsToSave: ['x', 'dy'],
    gradFunc: (d, [x, dy], attrs) => ({
      x: () =>
        run(
          DepthwiseConv2dNativeBackpropInput,
          { dy: dy!, filter: one(d) },
          { ...settings(attrs), inputShape: x!.shape },
        ),
      dy: () => depthwise(x!, one(d), attrs),
    }),
  },
  {
    kernelName: DepthwiseConv2dNativeBackpropInput,
    inputsToSave: ['dy', 'filter'],
    gradFunc: (d, [dy, filter], attrs) => ({
      dy: () => depthwise(one(d), filter!, attrs),
      filter: () =>
        run(
          DepthwiseConv2dNativeBackpropFilter,
          { x: one(d), dy: dy! },
          { ...settings(attrs), filterShape: filter!.shape },
        ),
    }),
  },
];

interface Settings {
  readonly strides: number | [number, number];
  readonly pad: number | 'same' | 'valid';
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function settings(attrs: object): Settings {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = attrs as Settings;
  return { strides, pad, dataFormat, dilations, dimRoundingMode } as Settings;
}

function depthwise(x: Tensor, filter: Tensor, attrs: object): Tensor {
  const { strides, pad, dilations, dimRoundingMode } = settings(attrs);
  return depthwiseConv2d(x as Tensor4D, filter as Tensor4D, strides, pad, 'NHWC', dilations, dimRoundingMode);
}

const one = (d: Tensor | Tensor[]): Tensor => d as Tensor;

const run = (kernelName: string, inputs: Record<string, Tensor>, attrs: object): Tensor =>
  engine().runKernel(kernelName, inputs, attrs as Record<string, never>);
