import { zipSync } from 'fflate';

/** An array to be written as NumPy would. */
export interface Array32 {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  /** What the header says; the values are written as float32 all the same. Default '<f4'. */
  readonly dtype?: string;
}

/** The bytes of an .npy file, version 1. */
export function npyBytes({ shape, values, dtype = '<f4' }: Array32): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const header = Buffer.from(`${text.padEnd(117)}\n`);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0]),
    length,
    header,
    new Uint8Array(Float32Array.from(values).buffer),
  ]);
}

/** The bytes of an .npz file. */
export const npzBytes = (arrays: Readonly<Record<string, Array32>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npyBytes(array)])));
