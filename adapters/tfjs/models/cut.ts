import { channelsOf, type LinearLayer } from './linearLayer.js';
import { keepsPlaces } from './linearMap.js';

/** How layers are cut into factors. */
export interface CutOptions {
  readonly depth: number;
  readonly width: number;
  readonly residual: number | undefined;
  readonly kernels: 'drawn' | 'kept';
}

/** How one layer is. */
export interface Cut {
  readonly kernels: 'drawn' | 'kept';
  readonly factors: readonly FactorShape[];
  /** The blocks of factors whose input is added to what they make: the first factor of each, and the last. */
  readonly blocks: readonly { readonly first: number; readonly last: number }[];
}

export interface FactorShape {
  readonly channels: readonly [before: number, after: number];
  /** Of a convolution. */
  readonly space: Space | undefined;
}

interface Space {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: string;
}

/** @throws RangeError, in the name of `who`, if the layer cannot be cut so; `remedy` says what to do then. */
export function cutOf(who: string, layer: LinearLayer, options: CutOptions, remedy: string): Cut {
  const { depth, width, residual, kernels } = options;
  const refuse = (why: string): never => {
    throw new RangeError(`${who}: ${layer.getClassName()} ${layer.name} ${why}; ${remedy}`);
  };
  const [before, after] = channelsOf(layer);
  const hidden = Math.floor(after * width);
  if (layer.kernelConstraint) refuse('has a kernel constraint, which would bind each factor and not their product');
  if (depth > 1 && hidden < 1) refuse(`makes ${after} channels, of which width ${width} leaves none`);
  if (depth > 1 && hidden < after && kernels === 'kept')
    refuse(`makes ${after} channels, and not every kernel is a product of factors with ${hidden} between them`);
  const channels = [before, ...Array.from({ length: depth - 1 }, () => hidden), after];
  const factors = Array.from({ length: depth }, (_, i): FactorShape => {
    return { channels: [channels[i]!, channels[i + 1]!], space: spaceOf(layer, i === 0, i === depth - 1) };
  });
  const blocks = blocksOf(depth, residual);
  for (const { first, last } of blocks) {
    const sides = [factors[first]!.channels[0], factors[last]!.channels[1]];
    if (sides[0] !== sides[1])
      refuse(
        `has ${sides[0]} channels before factor ${first + 1} and ${sides[1]} after factor ${last + 1}, which cannot be added`,
      );
    if (
      !factors
        .slice(first, last + 1)
        .every(({ space }) => !space || keepsPlaces({ ...space, padded: space.padding !== 'valid' }))
    )
      refuse("does not keep the places of its input, to which they are added: that takes stride 1 and padding 'same'");
  }
  return { kernels, factors, blocks };
}

const blocksOf = (depth: number, residual: number | undefined): Cut['blocks'] =>
  residual === undefined
    ? []
    : Array.from({ length: Math.floor(depth / residual) }, (_, i) => ({
        first: i * residual,
        last: (i + 1) * residual - 1,
      }));

/**
 * The kernel and its padding on the first factor, the strides on the last; those between look at one place at a time.
 *
 * The padding of a strided convolution depends on the stride in tfjs, so that its strides stay with it on the first factor. As
 * the factors after it look at one place at a time, that is the same function of the same weights.
 */
function spaceOf(layer: LinearLayer, first: boolean, last: boolean): Space | undefined {
  const { kernelSize, strides, dilationRate, padding } = layer;
  if (!kernelSize) return undefined;
  const ones = kernelSize.map(() => 1);
  const strided = padding === 'valid' ? last : first;
  return {
    kernelSize: first ? kernelSize : ones,
    dilationRate: first ? dilationRate! : ones,
    padding: first ? padding! : 'valid',
    strides: strided ? strides! : ones,
  };
}
