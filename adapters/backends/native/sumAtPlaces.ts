import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeBackend } from './nodeBackend.js';
import { withIntermediates } from './withIntermediates.js';

const TF_INT64 = 9;

interface SumAtPlacesAttrs {
  /** Numbers of the result. */
  readonly size: number;
  /** Equal pieces of values and of the result; values of one have their places in the same piece of the other. */
  readonly images: number;
}

/**
 * `SumAtPlaces`, `{ values, places }`, `{ size, images }`, by `engine().runKernel`: of `[n]` values and their places the
 * `[size]` numbers that have each value added at its place, 0 elsewhere; n ≤ size.
 *
 * TensorFlow has it as the gradient of max pooling, by images on all cores: half the time of `UnsortedSegmentSum`, which
 * runs on one.
 */
export const sumAtPlaces: KernelConfig = {
  kernelName: 'SumAtPlaces',
  backendName: 'tensorflow',
  kernelFunc({ inputs, attrs, backend }) {
    const node = backend as NodeBackend;
    const { TF_ATTR_BOOL, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = node.binding;
    const { values, places } = inputs as { values: TensorInfo; places: TensorInfo };
    const { size, images } = attrs as unknown as SumAtPlacesAttrs;
    const [wide, narrow] = [size / images, values.shape[0]! / images];
    // Windows of one row that come to as many as there are values: which of them a value is of makes no difference.
    const stride = Math.floor(wide / narrow);
    const window = wide - (narrow - 1) * stride;
    const type = (name: string, value: number) => ({ name, type: TF_ATTR_TYPE, value });
    const flag = (name: string, value: boolean) => ({ name, type: TF_ATTR_BOOL, value });
    const side = (name: string, value: number) => ({ name, type: TF_ATTR_INT, value: [1, 1, value, 1] });
    const shaped = (T: number) => [type('T', T), type('Tshape', TF_INT32)];
    const pooling = [
      ...[type('T', TF_FLOAT), type('Targmax', TF_INT64), side('ksize', window), side('strides', stride)],
      ...[{ name: 'padding', type: TF_ATTR_STRING, value: 'VALID' }, flag('include_batch_in_index', true)],
    ];
    return withIntermediates(node, ({ run, tensor, indices }) => {
      const one = (...operation: Parameters<typeof run>): number => run(...operation)[0]!;
      const [v, at] = node.getInputTensorIds([values, places]) as [number, number];
      const widen = [type('SrcT', TF_INT32), type('DstT', TF_INT64), flag('Truncate', false)];
      // Of what was pooled only the shape is looked at.
      const pooled = one('Empty', [type('dtype', TF_FLOAT), flag('init', false)], [indices([images, 1, wide, 1])]);
      const pieces = indices([images, 1, narrow, 1]);
      const dy = one('Reshape', shaped(TF_FLOAT), [v, pieces]);
      const argmax = one('Reshape', shaped(TF_INT64), [one('Cast', widen, [at]), pieces]);
      const sums = one('MaxPoolGradWithArgmax', pooling, [pooled, dy, argmax]);
      return tensor('Reshape', shaped(TF_FLOAT), [sums, indices([size])]);
    });
  },
};
