import {
  AvgPool,
  AvgPool3D,
  AvgPool3DGrad,
  AvgPoolGrad,
  backend_util,
  type KernelConfig,
  MaxPool,
  MaxPool3D,
  MaxPool3DGrad,
  MaxPoolGrad,
  type NamedAttrMap,
  type TensorInfo,
  util,
  zeros,
} from '@tensorflow/tfjs-core';

/** The kernels that `poolingOfNothing` is about. */
export const POOLING = [
  ...[AvgPool, AvgPoolGrad, AvgPool3D, AvgPool3DGrad],
  ...[MaxPool, MaxPoolGrad, MaxPool3D, MaxPool3DGrad],
];

/**
 * Pooling or its gradient as it is, but where no window fits or there is no image: there pooling gives no numbers, and
 * its gradient zeros. TensorFlow gives what happens to lie in memory, and on a GPU it ends the process.
 */
export const poolingOfNothing = (kernel: KernelConfig): KernelConfig => ({
  ...kernel,
  kernelFunc(call) {
    const { x, input } = call.inputs as { x?: TensorInfo; input: TensorInfo };
    const windows = pooledShape(x ?? input, call.attrs!);
    if (util.sizeFromShape(windows) > 0) return kernel.kernelFunc(call);
    return x ? zeros(windows, x.dtype) : zeros(input.shape);
  },
});

/** Of images `[batch, height, width, channels]`, or of volumes with a depth before the height. */
function pooledShape({ shape }: TensorInfo, attrs: NamedAttrMap): number[] {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Pooling;
  return shape.length === 4
    ? backend_util.computePool2DInfo(shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode).outShape
    : backend_util.computePool3DInfo(shape as Shape5D, filterSize as 1, strides as 1, 1, pad, dimRoundingMode).outShape;
}

interface Pooling {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];
