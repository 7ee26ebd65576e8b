import { channelsOf, type LinearLayer } from './linearLayer.js';
import { keepsPlaces, type Space, spaceOf } from './space.js';

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
  readonly factors: readonly Factor[];
  /** Blocks of factors whose input is added to what they make, by the numbers of the first and the last. */
  readonly blocks: readonly Block[];
}

export interface Factor {
  readonly channels: readonly [before: number, after: number];
  readonly space: Space;
}

interface Block {
  readonly first: number;
  readonly last: number;
}

/** @throws RangeError, in the name of `who`, if the layer cannot be cut so; `remedy` says what to do then. */
export function cutOf(who: string, layer: LinearLayer, options: CutOptions, remedy: string): Cut {
  const { depth, width, residual = Infinity, kernels } = options;
  const [before, after] = channelsOf(layer);
  const hidden = Math.floor(after * width);
  const channels = [before, ...Array.from({ length: depth - 1 }, () => hidden), after];
  const spaces = spacesOf(spaceOf(layer), depth);
  const factors = spaces.map((space, i): Factor => ({ channels: [channels[i]!, channels[i + 1]!], space }));
  const blocks = Array.from({ length: Math.floor(depth / residual) }, (_, i): Block => {
    return { first: i * residual, last: (i + 1) * residual - 1 };
  });
  const cut = { kernels, factors, blocks };
  const why = refusal(layer, width, cut);
  if (why) throw new RangeError(`${who}: ${layer.getClassName()} ${layer.name} ${why}; ${remedy}`);
  return cut;
}

/**
 * The kernel and its padding on the first factor, the strides on the last; those between look at each place alone.
 *
 * How many zeros tfjs pads depends on the strides, so that strides of a padded convolution stay on the first factor. As those
 * after it look at each place alone, that is the same function of the same weights.
 */
function spacesOf(space: Space, depth: number): Space[] {
  const { kernelSize, strides, padded } = space;
  const ones = kernelSize.map(() => 1);
  const alone = { kernelSize: ones, strides: ones, dilationRate: ones, padded: false };
  const strided = padded ? 0 : depth - 1;
  return Array.from({ length: depth }, (_, i) => {
    return { ...(i === 0 ? space : alone), strides: i === strided ? strides : ones };
  });
}

function refusal(layer: LinearLayer, width: number, { kernels, factors, blocks }: Cut): string | undefined {
  if (layer.kernelConstraint) return 'has a kernel constraint, which the product of factors would not keep';
  const [made, after] = [factors[0]!.channels[1], factors.at(-1)!.channels[1]];
  if (made < 1) return `makes ${after} channels, of which width ${width} leaves none`;
  if (made < after && kernels === 'kept')
    return `makes ${after} channels, and not every kernel is a product of factors with ${made} between them`;
  for (const { first, last } of blocks) {
    const [into, out] = [factors[first]!.channels[0], factors[last]!.channels[1]];
    if (into !== out)
      return `has ${into} channels before factor ${first + 1} and ${out} after factor ${last + 1}, which cannot be added`;
    if (!factors.slice(first, last + 1).every(({ space }) => keepsPlaces(space)))
      return "does not keep the places of its input: that takes stride 1 and padding 'same'";
  }
  return undefined;
}
