import { Buffer } from 'node:buffer';
import { random } from '../../../src/core/random.js';
import { base64, count } from './digits.gen.js';
import { shuffled } from './shuffled.js';

export interface Digits {
  /** `[count, 64]`, row by row, 0 paper to 1 ink. */
  readonly images: Float32Array;
  /** 0 to 9. */
  readonly labels: Uint8Array;
  readonly count: number;
  /** Height and width of an image. */
  readonly size: 8;
}

const PIXELS = 64;
const BITS = 5;
const INK = 16;

/**
 * 1,797 handwritten digits of 13 writers, 8×8 pixels in 17 shades.
 *
 * @see Alpaydin and Kaynak 1998, Optical Recognition of Handwritten Digits, UCI, CC BY 4.0
 */
export function digits(): Digits {
  const bytes = Buffer.from(base64, 'base64');
  const images = Float32Array.from({ length: count * PIXELS }, (_, i) => shade(bytes, i) / INK);
  const labels = Uint8Array.from(bytes.subarray(bytes.length - count));
  return { images, labels, count, size: 8 };
}

/** The i-th group of five bits. */
function shade(bytes: Uint8Array, i: number): number {
  const [byte, bit] = [(i * BITS) >> 3, (i * BITS) & 7];
  const pair = (bytes[byte]! << 8) | bytes[byte + 1]!;
  return (pair >> (16 - BITS - bit)) & (2 ** BITS - 1);
}

/**
 * Shuffles and parts: the last `share` of the shuffled digits is for testing. The same seed gives the same parts.
 *
 * @throws RangeError unless 0 < share < 1.
 */
export function splitDigits(all: Digits, share = 0.2, seed = 0): { train: Digits; test: Digits } {
  if (!(share > 0 && share < 1)) throw new RangeError(`splitDigits: share must be between 0 and 1, got ${share}`);
  const order = shuffled(all.count, random(seed, 0));
  const cut = all.count - Math.round(share * all.count);
  return { train: pick(all, order.subarray(0, cut)), test: pick(all, order.subarray(cut)) };
}

function pick({ images, labels, size }: Digits, which: Uint32Array): Digits {
  const picked = new Float32Array(which.length * PIXELS);
  which.forEach((from, to) => {
    picked.set(images.subarray(from * PIXELS, (from + 1) * PIXELS), to * PIXELS);
  });
  return { images: picked, labels: Uint8Array.from(which, (i) => labels[i]!), count: which.length, size };
}
