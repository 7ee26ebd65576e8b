import { keep, type Tensor } from '@tensorflow/tfjs-core';

/**
 * What a derivative needs of the one input it saved, made at its first use and kept in the place of that input: the list
 * is that of the tape, which frees what stands there. Later walks over a record find it made.
 */
export function inPlaceOf(saved: Tensor[], make: (input: Tensor) => Tensor): Tensor {
  const [input, made] = saved as [Tensor, Tensor?];
  if (made) return made;
  const first = keep(make(input));
  saved.push(first);
  input.dispose();
  return first;
}
