import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * Checks a downloaded file, and deletes one that is not what it should be, so that the next run fetches it again.
 *
 * @throws Error if its checksum is not the expected one, naming both.
 */
export async function checksum(
  file: string,
  algorithm: 'sha256' | 'sha512',
  encoding: 'hex' | 'base64',
  expected: string,
): Promise<void> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest(encoding);
  if (actual === expected) return;
  rmSync(file);
  throw new Error(
    `${file} is not the file that sharpstream knows: its ${algorithm} is ${actual} instead of ${expected}. ` +
      'It has been deleted; run the command again, and if this repeats, look at the package mirror in use.',
  );
}
