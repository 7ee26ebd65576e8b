import type { Variable } from '@tensorflow/tfjs-core';

/** @throws RangeError, in the name of `who`, if the choice leaves no parameter. */
export function chosen(
  who: string,
  params: readonly Variable[],
  only: (param: Variable) => boolean = () => true,
): readonly Variable[] {
  const left = params.filter(only);
  if (left.length === 0) throw new RangeError(`${who}: only must leave at least one parameter, got none`);
  return left;
}
