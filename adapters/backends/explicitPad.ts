import type { KernelFunc, NamedAttrMap } from '@tensorflow/tfjs-core';

type Sides = [number, number];

/** How tfjs lets padding of `[batch, height, width, channels]` be given. */
export type Pad = 'same' | 'valid' | number | [Sides, Sides, Sides, Sides];

/**
 * A number of rows as the four pairs that mean the same. Given the number, tfjs computes the width of the output from the
 * height of the filter and the stride downwards; given pairs, it takes each for its own.
 */
export function explicitPad(pad: Pad, dataFormat?: 'NHWC' | 'NCHW'): Exclude<Pad, number> {
  if (typeof pad !== 'number') return pad;
  const [none, both]: [Sides, Sides] = [
    [0, 0],
    [pad, pad],
  ];
  return dataFormat === 'NCHW' ? [none, none, both, both] : [none, both, both, none];
}

/**
 * A kernel with its padding made explicit. The wasm kernels write an output of the right width into memory for the width
 * that tfjs computed; where the two differ, they overwrite what lies behind.
 */
export const explicitlyPadded =
  (stock: KernelFunc): KernelFunc =>
  ({ inputs, attrs, backend }) => {
    const { pad, dataFormat } = attrs as unknown as { pad: Pad; dataFormat?: 'NHWC' | 'NCHW' };
    return stock({ inputs, backend, attrs: { ...attrs, pad: explicitPad(pad, dataFormat) } as NamedAttrMap });
  };
