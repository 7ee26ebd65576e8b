import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of a file, in hexadecimal, and as many that are to be there instead. */
export interface Mend {
  readonly file: string;
  readonly offset: number;
  readonly was: string;
  readonly is: string;
}

/**
 * Writes over bytes of files in `folder`.
 *
 * @throws Error if others are there than were expected; that file is left as it is.
 */
export function mend(folder: string, { file, offset, was, is }: Mend): void {
  const opened = openSync(join(folder, file), 'r+');
  try {
    const found = Buffer.alloc(was.length / 2);
    readSync(opened, found, 0, found.length, offset);
    if (found.toString('hex') !== was)
      throw new Error(`${file} has ${found.toString('hex')} at ${offset} instead of ${was}, and cannot be mended`);
    writeSync(opened, Buffer.from(is, 'hex'), 0, found.length, offset);
  } finally {
    closeSync(opened);
  }
}
