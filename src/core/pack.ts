import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';

/** A tensor as plain values, bit for bit: the bytes of its numbers, little-endian, in base64. */
export type Packed = {
  readonly dtype: PackedType;
  readonly shape: readonly number[];
  readonly base64: string;
};

/** The types of tensors that can be packed. */
export type PackedType = 'float32' | 'int32' | 'bool';

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } satisfies Record<PackedType, unknown>;

/**
 * Reads a tensor back into plain values that survive JSON; NaN and infinities too.
 *
 * @throws TypeError for a tensor of strings or of complex numbers.
 */
export function pack(packed: Tensor): Packed {
  const { dtype, shape } = packed;
  if (!isPackedType(dtype)) {
    throw new TypeError(`pack: the tensor must be one of ${Object.keys(ARRAYS).join(', ')}, got ${dtype}`);
  }
  const { buffer, byteOffset, byteLength } = packed.dataSync();
  return { dtype, shape: [...shape], base64: toBase64(new Uint8Array(buffer, byteOffset, byteLength)) };
}

/** The tensor that was packed. @throws RangeError if the numbers are not as many as the shape says. */
export function unpack({ dtype, shape, base64 }: Packed): Tensor {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const size = shape.reduce((product, length) => product * length, 1);
  const wanted = size * ARRAYS[dtype].BYTES_PER_ELEMENT;
  if (bytes.length !== wanted) {
    throw new RangeError(`unpack: a tensor [${shape}] of ${dtype} takes ${wanted} bytes, got ${bytes.length}`);
  }
  return tidy(() => tensor(new ARRAYS[dtype](bytes.buffer), [...shape], dtype));
}

const isPackedType = (dtype: string): dtype is PackedType => dtype in ARRAYS;

/** In chunks, since a call takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let i = 0; i < bytes.length; i += CHUNK) chunks.push(String.fromCharCode(...bytes.subarray(i, i + CHUNK)));
  return btoa(chunks.join(''));
}

const CHUNK = 8192;
