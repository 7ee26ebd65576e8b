import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checksum } from './checksum.js';
import { runProgram } from './runProgram.js';
import { unpack } from './unpack.js';
import { TENSORFLOW_VERSION, WHEEL_SHA256 } from './versions.js';

export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

/** Of the download, in bytes, and of what is taken from it. */
export const WHEEL_SIZE = 214_055_683;
export const UNPACKED_SIZE = 639_000_000;

/** TensorFlow's libraries and C headers into `folder`, as `lib` and `include`, from the wheel on PyPI. */
export async function libtensorflow(python: string, folder: string, show: boolean): Promise<void> {
  if (existsSync(join(folder, 'lib'))) return;
  const wheel = await download(python, join(folder, 'wheel'), show);
  await checksum(wheel, 'sha256', 'hex', WHEEL_SHA256);
  const unpacked = join(folder, 'unpacked');
  rmSync(unpacked, { recursive: true, force: true });
  await unpack(python, wheel, unpacked, NEEDED);
  const from = join(unpacked, 'tensorflow');
  rmSync(join(folder, 'include'), { recursive: true, force: true });
  renameSync(join(from, 'include'), join(folder, 'include'));
  renameSync(join(from, 'THIRD_PARTY_NOTICES.txt'), join(folder, 'THIRD_PARTY_NOTICES.txt'));
  mkdirSync(join(from, 'lib'));
  for (const library of LIBRARIES) renameSync(join(from, library), join(from, 'lib', library));
  // Last, for it says that all is there.
  renameSync(join(from, 'lib'), join(folder, 'lib'));
  for (const done of [unpacked, join(folder, 'wheel')]) rmSync(done, { recursive: true });
}

const HEADERS = '(c|core/platform/ct[^/]*|tsl|xla/tsl/c|tensorflow/tsl)';
const NEEDED = `tensorflow/(include/(tensorflow/)?${HEADERS}.*\\.h|${LIBRARIES.join('|')}|THIRD_PARTY_NOTICES\\.txt)`;

/** Through pip, which knows the mirror and the proxy of the machine; a wheel that is there already is taken. */
async function download(python: string, into: string, show: boolean): Promise<string> {
  const wheel = (): string | undefined =>
    existsSync(into) ? readdirSync(into).find((name) => name.endsWith('.whl')) : undefined;
  if (!wheel()) {
    const target = ['--implementation', 'cp', '--python-version', '311', '--abi', 'cp311'];
    const platform = ['--platform', 'manylinux2014_x86_64', '--only-binary', ':all:', '--no-deps'];
    const quiet = ['--disable-pip-version-check', '--no-cache-dir', ...(show ? [] : ['--quiet'])];
    await runProgram(
      python,
      [
        '-m',
        'pip',
        'download',
        ...target,
        ...platform,
        ...quiet,
        '--dest',
        into,
        `tensorflow-cpu==${TENSORFLOW_VERSION}`,
      ],
      // From version 25.1 on, pip takes up a broken download where it broke; earlier ones ignore this.
      { show, env: { PIP_RESUME_RETRIES: '5' } },
    );
  }
  return join(into, wheel()!);
}
