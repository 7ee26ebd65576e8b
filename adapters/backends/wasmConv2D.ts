import { backend_util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { explicitPad, type Pad } from './explicitPad.js';
import { type Run, transpose } from './wasmKernel.js';

type Shape4D = [number, number, number, number];

/** The geometry of the forward convolution whose gradient a kernel computes; tfjs has no gradient of a dilated one. */
export function geometry(inputShape: number[], filterShape: number[], attrs: NamedAttrMap): backend_util.Conv2DInfo {
  const { strides, pad, dimRoundingMode, dataFormat } = attrs as unknown as Attributes;
  return backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    1,
    explicitPad(pad, dataFormat),
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC'),
  );
}

interface Attributes {
  readonly strides: number | [number, number];
  readonly pad: Pad;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly dataFormat?: 'NHWC' | 'NCHW';
}

/** A tensor in the order `[batch, height, width, channels]`. */
export const channelsLast = (run: Run, x: TensorInfo, { dataFormat }: backend_util.Conv2DInfo): TensorInfo =>
  dataFormat === 'channelsLast' ? x : transpose(run, x, [0, 2, 3, 1]);
