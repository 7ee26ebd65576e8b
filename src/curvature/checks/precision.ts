import { add, fill, getBackend, sub, tidy } from '@tensorflow/tfjs-core';

/** How exactly the backend computes: as float32, 24 bits, or with the 11 or fewer of half precision. */
export type Precision = 'float32' | 'half';

/** 1 and this are told apart from 1 in float32, not in half precision. */
const SMALL = 2 ** -12;

/** So many numbers go to the device: WebGL leaves what is small (CPU_HANDOFF_SIZE_THRESHOLD, 128) to the processor. */
const SIZE = 4096;

/** Tries it; what a device claims of itself is not asked. */
export const precision = (): Precision =>
  tidy(() => {
    const one = fill([SIZE], 1);
    return sub(add(one, SMALL), one).dataSync()[0] === SMALL ? 'float32' : 'half';
  });

/** @throws Error, in the name of `who`, on a backend that computes in half precision: second derivatives drown in rounding. */
export function refuseHalfPrecision(who: string): void {
  if (precision() === 'float32') return;
  throw new Error(
    `${who}: the backend ${getBackend()} computes in half precision on this device, too coarse for second derivatives; ` +
      "setBackend('wasm') or 'cpu' first",
  );
}
