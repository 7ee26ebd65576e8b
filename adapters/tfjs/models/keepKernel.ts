import { concat, eye, reshape, slice, sub, type Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core';
import type { Cut } from './cut.js';
import { channelsOf, type LinearLayer } from './linearLayer.js';
import { identityKernel } from './linearMap.js';
import { setVariable } from './setVariable.js';
import { spaceOf } from './space.js';

/**
 * Gives factors kernels whose product is the kernel K of a layer: exactly, and with a residual but for the rounding of K − I.
 *
 * K first, and beside it, for the channels that the layer does not have, what was drawn; then identities, the last of which
 * leaves these channels out. Where the input of a block is added to what it makes, the first block makes K − I, and each
 * other one 0: what was drawn, and zeros last.
 */
export function keepKernel(layer: LinearLayer, factors: readonly LinearLayer[], { blocks }: Cut): void {
  factors.forEach(({ kernel }, i) => {
    const block = blocks.find(({ first, last }) => first <= i && i <= last);
    const kept = tidy(() => {
      const drawn = kernel.read();
      if (i === 0) return firstKernel(layer, drawn, block !== undefined);
      if (!block || block.first === 0) return rectangularIdentity(drawn);
      return i === block.last ? zerosLike(drawn) : drawn.clone();
    });
    setVariable(kernel, kept);
    kept.dispose();
  });
}

function firstKernel(layer: LinearLayer, drawn: Tensor, summed: boolean): Tensor {
  const [, channels] = channelsOf(layer);
  const space = spaceOf(layer);
  const kept: Tensor = layer.kernel.read();
  const kernel = summed ? sub(kept, identityKernel(channels, space)) : kept;
  const further = slice(drawn, [...space.kernelSize.map(() => 0), 0, channels]);
  return concat([kernel, further], -1);
}

function rectangularIdentity({ shape }: Tensor): Tensor {
  const [before, after] = shape.slice(-2) as [number, number];
  return reshape(eye(before, after), shape);
}
