import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * Cuts a list of parameters into at most so many sections, which keep neighbours together and small ones first: where the
 * sections begin.
 */
export function sectionsOf(params: readonly Tensor[], most: number): number[] {
  const sections = params.map(({ size }, start) => ({ start, size }));
  while (sections.length > most) {
    const joint = sections.slice(1).map(({ size }, i) => size + sections[i]!.size);
    const at = joint.indexOf(Math.min(...joint));
    sections.splice(at, 2, { start: sections[at]!.start, size: joint[at]! });
  }
  return sections.map(({ start }) => start);
}
