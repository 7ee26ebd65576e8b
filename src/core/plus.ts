import { add, mul, type NamedTensorMap, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { scale } from './namedTensors.js';
import type { Gradient } from './objective.js';

/** A loss and its gradient. A type, for `tidy` takes no interface. */
export type Sum = { loss: Scalar; grads: NamedTensorMap };

/** sum + share · part; a parameter that one of them lacks counts as 0 there. */
export function plus(sum: Sum | undefined, part: Gradient, share: number): Sum {
  const grads = scale(part.grads, share);
  const loss = mul<Scalar>(part.loss, share);
  if (!sum) return { loss, grads };
  const names = new Set([...Object.keys(sum.grads), ...Object.keys(grads)]);
  const added = [...names].map((name): [string, Tensor] => {
    const [a, b] = [sum.grads[name], grads[name]];
    return [name, a && b ? add(a, b) : (a ?? b)!];
  });
  return { loss: add(sum.loss, loss), grads: Object.fromEntries(added) };
}
