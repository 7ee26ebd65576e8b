import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checksum } from './checksum.js';
import { isNoProgram, runProgram } from './runProgram.js';
import { unpack } from './unpack.js';
import type { NpmPackage } from './versions.js';

/** The files of a package of npm into `folder`: no dependencies, and none of its scripts is run. */
export async function npmPackage(python: string, { name, version, sha512 }: NpmPackage, folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  mkdirSync(parent, { recursive: true });
  const tarball = join(parent, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
  try {
    await runProgram('npm', ['pack', `${name}@${version}`, '--pack-destination', parent, '--silent'], { cwd: parent });
  } catch (error) {
    if (isNoProgram(error))
      throw new Error('npm was not found; it comes with Node, and must be on the PATH', { cause: error });
    throw error;
  }
  await checksum(tarball, 'sha512', 'base64', sha512);
  const unpacked = join(parent, 'unpacked');
  rmSync(unpacked, { recursive: true, force: true });
  await unpack(python, tarball, unpacked);
  renameSync(join(unpacked, 'package'), folder);
  for (const done of [unpacked, tarball]) rmSync(done, { recursive: true });
}
