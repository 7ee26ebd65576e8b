/** An array as NumPy saved it. */
export interface NpyArray {
  readonly shape: readonly number[];
  /** Row by row, whatever the order in the file. */
  readonly values: ArrayLike<number>;
  /** As NumPy writes it, e.g. '<f4'. */
  readonly dtype: string;
}

type Reader = (bytes: ArrayBuffer) => ArrayLike<number>;

/** By kind and size. Little-endian, as the machines are that Node runs on. */
const readers: Readonly<Record<string, Reader>> = {
  f4: (bytes) => new Float32Array(bytes),
  f8: (bytes) => new Float64Array(bytes),
  i1: (bytes) => new Int8Array(bytes),
  i2: (bytes) => new Int16Array(bytes),
  i4: (bytes) => new Int32Array(bytes),
  i8: (bytes) => Float64Array.from(new BigInt64Array(bytes), Number),
  u1: (bytes) => new Uint8Array(bytes),
  u2: (bytes) => new Uint16Array(bytes),
  u4: (bytes) => new Uint32Array(bytes),
  u8: (bytes) => Float64Array.from(new BigUint64Array(bytes), Number),
  b1: (bytes) => new Uint8Array(bytes),
};

/**
 * Reads the bytes of an .npy file: versions 1 to 3, floats of 4 and 8 bytes, integers, booleans; either byte order, C and
 * Fortran order.
 *
 * @param name of the array, for the errors.
 * @throws Error if the bytes are no .npy, are cut short, or hold something else than numbers; it says what to save instead.
 * @see numpy.lib.format, the specification of the format
 */
export function npy(name: string, bytes: Uint8Array): NpyArray {
  const { header, data } = parts(name, bytes);
  const dtype = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? 'of several fields';
  const fortran = /'fortran_order':\s*True/.test(header);
  const shape = /'shape':\s*\(([^)]*)\)/
    .exec(header)?.[1]
    ?.split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  if (!shape) throw new Error(`${name} is no .npy file: its header has no shape; save it with numpy.savez`);
  const [order, kind] = [dtype[0], dtype.slice(1)];
  const read = readers[kind];
  if (!read) {
    throw new Error(
      `${name} has the dtype ${dtype}, which is not read; save it with .astype('float32') or as integers`,
    );
  }
  const size = Number(kind.slice(1));
  const count = shape.reduce((a, b) => a * b, 1);
  if (data.length !== count * size) {
    throw new Error(
      `${name} has the shape [${shape.join(', ')}] of ${dtype}, ${count * size} bytes, but holds ${data.length}; ` +
        'the file is damaged, save it again',
    );
  }
  // A copy: the bytes begin anywhere in the file, and numbers must begin at a multiple of their size.
  const own = data.slice();
  if (order === '>') swap(own, size);
  const values = read(own.buffer);
  return { shape, dtype, values: fortran ? byRows(values, shape) : values };
}

function parts(name: string, bytes: Uint8Array): { header: string; data: Uint8Array } {
  const magic = [0x93, ...Buffer.from('NUMPY')];
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw new Error(`${name} is no .npy file; save it with numpy.savez`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes[6]! > 1;
  const start = long ? 12 : 10;
  const end = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  return { header: Buffer.from(bytes.subarray(start, end)).toString('utf8'), data: bytes.subarray(end) };
}

function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** From columns first to rows first: the last index, not the first, is to run fastest. */
function byRows(values: ArrayLike<number>, shape: readonly number[]): ArrayLike<number> {
  const rows = new Float64Array(values.length);
  const strides: number[] = [];
  shape.reduce((stride, size) => {
    strides.push(stride);
    return stride * size;
  }, 1);
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < rows.length; to++) {
    rows[to] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return rows;
}
