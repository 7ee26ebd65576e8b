import { shuffled } from './shuffled.js';

/**
 * Makes a share of the labels wrong, the nearest whole number of them: each becomes one of the other classes, all as
 * likely. Of one stream of draws the wrong ones of a smaller share are among those of a larger.
 *
 * @throws RangeError unless 0 <= share <= 1.
 */
export function wrongLabels(labels: Uint8Array, share: number, classes: number, draw: () => number): Uint8Array {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`wrongLabels: share must be from 0 to 1, got ${share}`);
  const wrong = labels.slice();
  for (const i of shuffled(labels.length, draw).subarray(0, Math.round(share * labels.length))) {
    wrong[i] = (labels[i]! + 1 + Math.floor(draw() * (classes - 1))) % classes;
  }
  return wrong;
}
