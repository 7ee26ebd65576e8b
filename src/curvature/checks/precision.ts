import {
  add,
  backend,
  conv2d,
  fill,
  getBackend,
  matMul,
  reshape,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tidy,
} from '@tensorflow/tfjs-core';

/** How exactly the backend computes: as float32, 24 bits, or with the 11 or fewer of half precision and of TF32. */
export type Precision = 'float32' | 'half';

/** 1 and 1 + this are told apart in float32, not in half precision. */
const SMALL = 2 ** -12;

/** 64² numbers go to the device: WebGL leaves what is small (CPU_HANDOFF_SIZE_THRESHOLD, 128) to the processor. */
const SIZE = 64;

const known = new WeakMap<object, Precision>();

/**
 * Tries it, once for each backend; what a device claims of itself is not asked. A sum is not enough: GPUs of NVIDIA add in
 * float32 and round what they multiply, in products of matrices and in convolutions, each by a library of its own.
 */
export function precision(): Precision {
  const device = backend();
  const found = known.get(device) ?? tried();
  known.set(device, found);
  return found;
}

const tried = (): Precision =>
  tidy(() => {
    const ones = fill([SIZE, SIZE], 1) as Tensor2D;
    const near = add<Tensor2D>(ones, SMALL);
    // A filter of 1 × 1 would be a product of matrices once more.
    const image = reshape(near, [1, 8, 8, SIZE]) as Tensor4D;
    const filter = fill([1, 2, SIZE, SIZE], 1) as Tensor4D;
    return [near, matMul(near, ones), conv2d(image, filter, 1, 'valid')].every(isExact) ? 'float32' : 'half';
  });

/** Whether the first number is n (1 + SMALL), not n. As many of them as are summed here are exact in any order. */
function isExact(x: Tensor): boolean {
  const found = x.dataSync()[0]!;
  return found / Math.round(found) - 1 > SMALL / 2;
}

/** What to do about a backend that computes in half precision. */
export const remedyForHalf = (backend: string): string =>
  backend === 'tensorflow'
    ? 'set NVIDIA_TF32_OVERRIDE=0 in the environment of the process, before TensorFlow loads'
    : "setBackend('wasm') or 'cpu' first";

/** @throws Error, in the name of `who`, on a backend that computes in half precision: second derivatives drown in rounding. */
export function refuseHalfPrecision(who: string): void {
  if (precision() === 'float32') return;
  const name = getBackend();
  throw new Error(
    `${who}: the backend ${name} computes in half precision on this device, too coarse for second derivatives; ` +
      remedyForHalf(name),
  );
}
