import {
  Conv2D,
  Conv2DBackpropFilter,
  Conv2DBackpropInput,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropFilter,
  DepthwiseConv2dNativeBackpropInput,
  engine,
  eye,
  type KernelConfig,
  mul,
  type NamedAttrMap,
  type NamedTensorMap,
  reshape,
  sum,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';

type FilterShape = [height: number, width: number, channels: number, each: number];

interface DepthwiseAttrs {
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number];
  readonly filterShape: FilterShape;
}

/** The three kernels, by a full convolution and its gradients. */
const IN_FULL: Readonly<Record<string, (inputs: NamedTensorMap, attrs: DepthwiseAttrs) => Tensor>> = {
  [DepthwiseConv2dNative]: ({ x, filter }, attrs) => run(Conv2D, { x: x!, filter: full(filter!) }, attrs),
  [DepthwiseConv2dNativeBackpropInput]: ({ dy, filter }, attrs) =>
    run(Conv2DBackpropInput, { dy: dy!, filter: full(filter!) }, attrs),
  [DepthwiseConv2dNativeBackpropFilter]({ x, dy }, attrs) {
    const [height, width, channels, each] = attrs.filterShape;
    const filterShape: FilterShape = [height, width, channels, channels * each];
    const all = run(Conv2DBackpropFilter, { x: x!, dy: dy! }, { ...attrs, filterShape });
    return sum(mul(reshape(all, [height, width, channels, channels, each]), sameChannel(channels)), 3);
  },
};

/** The kernels that `depthwiseInFull` is about. */
export const DEPTHWISE = Object.keys(IN_FULL);

/**
 * A depthwise convolution or its gradient as it is, but where TensorFlow has none on a GPU: with strides that differ, and
 * forward with dilations. There by a full convolution whose filter is zero from one channel to another, which is as many
 * times the work as there are channels.
 */
export const depthwiseInFull = (kernel: KernelConfig): KernelConfig => ({
  ...kernel,
  kernelFunc(call) {
    const attrs = call.attrs as unknown as DepthwiseAttrs;
    const [strides, dilations] = [attrs.strides, attrs.dilations ?? 1].map((sides) => [sides].flat());
    const dilated = dilations!.some((rate) => rate > 1);
    // Of what is dilated tfjs has no gradient, of full convolutions neither: the kernel is left to say so.
    const forward = kernel.kernelName === DepthwiseConv2dNative;
    const lacking = dilated ? forward : strides![0] !== strides!.at(-1);
    if (!lacking) return kernel.kernelFunc(call);
    return tidy(() => IN_FULL[kernel.kernelName]!(call.inputs as NamedTensorMap, attrs));
  },
});

const run = (kernel: string, inputs: NamedTensorMap, attrs: DepthwiseAttrs): Tensor =>
  engine().runKernel(kernel, inputs, { ...attrs, dataFormat: 'NHWC' } as unknown as NamedAttrMap);

/** From filters `[height, width, channels, each]` to `[height, width, channels, channels · each]`. */
function full(filter: Tensor): Tensor {
  const [height, width, channels, each] = filter.shape as FilterShape;
  const apart = mul(reshape(filter, [height, width, channels, 1, each]), sameChannel(channels));
  return reshape(apart, [height, width, channels, channels * each]);
}

const sameChannel = (channels: number): Tensor => reshape(eye(channels), [channels, channels, 1]);
