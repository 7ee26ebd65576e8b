import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checksum } from './checksum.js';
import { mend } from './mend.js';
import { runProgram } from './runProgram.js';
import { unpack } from './unpack.js';
import type { Wheel } from './wheels.js';

/** Whether all that is taken from a wheel is in `folder`. */
export const isTaken = ({ places }: Wheel, folder: string): boolean => existsSync(join(folder, places.at(-1)![1]));

/**
 * What is to be taken from a wheel on PyPI into `folder`. A connection that breaks is taken up again, by pip 25.1 or later; a
 * download that is ended begins anew.
 */
export async function takeWheel(python: string, wheel: Wheel, folder: string, show: boolean): Promise<void> {
  const [downloaded, unpacked] = [join(folder, 'wheel'), join(folder, 'unpacked')];
  const file = await download(python, wheel, downloaded, show);
  await checksum(file, 'sha256', 'hex', wheel.sha256);
  rmSync(unpacked, { recursive: true, force: true });
  await unpack(python, file, unpacked, wheel.pick);
  for (const change of wheel.mends ?? []) mend(unpacked, change);
  for (const [from, to] of wheel.places) {
    const place = join(folder, to);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(dirname(place), { recursive: true });
    renameSync(join(unpacked, from), place);
  }
  for (const done of [downloaded, unpacked]) rmSync(done, { recursive: true });
}

/** Through pip, which knows the mirror and the proxy of the machine; a wheel that is there already is taken. */
async function download(python: string, wheel: Wheel, into: string, show: boolean): Promise<string> {
  const { name, version } = wheel;
  const found = (): string | undefined =>
    existsSync(into) ? readdirSync(into).find((file) => file.startsWith(`${name.replaceAll('-', '_')}-`)) : undefined;
  if (!found()) {
    const target = ['--implementation', 'cp', '--python-version', '311', '--abi', 'cp311'];
    const platform = ['--platform', 'manylinux2014_x86_64', '--only-binary', ':all:', '--no-deps'];
    const quiet = ['--disable-pip-version-check', '--no-cache-dir', ...(show ? [] : ['--quiet'])];
    const wanted = ['--dest', into, `${name}==${version}`];
    await runProgram(
      python,
      ['-m', 'pip', 'download', ...target, ...platform, ...quiet, ...wanted],
      // From version 25.1 on, pip takes up a broken download where it broke; earlier ones ignore this.
      { show, env: { PIP_RESUME_RETRIES: '5' } },
    );
  }
  return join(into, found()!);
}
