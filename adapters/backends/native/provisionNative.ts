import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ADDON, compileAddon } from './compileAddon.js';
import { LIBRARIES, libtensorflow, UNPACKED_SIZE, WHEEL_SIZE } from './libtensorflow.js';
import {
  type Machine,
  megabytes,
  refuseUnproven,
  requireCompiler,
  requirePython,
  requireSpace,
  thisMachine,
} from './machine.js';
import { isProvisioned, MANIFEST, nativeFolder } from './nativeFolder.js';
import { nodeBackendFiles } from './nodeBackendFiles.js';
import { runProgram } from './runProgram.js';
import { TENSORFLOW_VERSION, TFJS_VERSION } from './versions.js';

export interface ProvisionOptions {
  readonly folder?: string;
  readonly machine?: Machine;
  /** Told of each step before it begins. */
  readonly say?: (what: string) => void;
  /** Lets pip draw its progress on the terminal. */
  readonly show?: boolean;
}

export interface Provision {
  readonly folder: string;
  /** Of TensorFlow. */
  readonly version: string;
  readonly bytes: number;
  /** Whether it was there already. */
  readonly already: boolean;
}

/**
 * Brings the native backend to this machine: TensorFlow's libraries from the wheel on PyPI, and the addon of
 * `@tensorflow/tfjs-node` compiled against them. All of it lies in one folder of the user's cache, and nothing else is
 * touched. 214 MB are downloaded and 650 kept.
 *
 * What was begun is gone on with: the folder is built beside its place, each step leaves its result, and it takes its
 * place when the addon has loaded. A second call only looks.
 *
 * @throws Error on a machine that cannot: not x86-64 Linux with glibc, no Python with pip, no C++ compiler, no npm, too
 * little room; if a checksum is wrong; or with what a step said. Each names the remedy.
 */
export async function provisionNative({
  folder = nativeFolder(),
  machine = thisMachine(),
  say = () => {},
  show = false,
}: ProvisionOptions = {}): Promise<Provision> {
  const already = isProvisioned(folder);
  if (!already) await build(folder, machine, say, show);
  const bytes = KEPT.reduce((sum, path) => sum + statSync(join(folder, path)).size, 0);
  return { folder, version: TENSORFLOW_VERSION, bytes, already };
}

/** Takes the native backend away again, finished or not; true if there was something. */
export function removeNative(folder = nativeFolder()): boolean {
  const parts = [folder, partial(folder)].filter((path) => existsSync(path));
  for (const path of parts) rmSync(path, { recursive: true });
  return parts.length > 0;
}

const KEPT = [ADDON, ...LIBRARIES.map((name) => `lib/${name}`), 'tfjs-node/dist/nodejs_kernel_backend.js'];

const partial = (folder: string): string => `${folder}.partial`;

async function build(folder: string, machine: Machine, say: (what: string) => void, show: boolean): Promise<void> {
  refuseUnproven(machine);
  const compiler = await requireCompiler(machine.compilers);
  await requirePython(machine.python);
  const work = partial(folder);
  mkdirSync(work, { recursive: true });

  if (!existsSync(join(work, 'lib'))) {
    requireSpace(machine, work, WHEEL_SIZE + UNPACKED_SIZE);
    say(
      `TensorFlow ${TENSORFLOW_VERSION}: downloading ${megabytes(WHEEL_SIZE)}, unpacking ${megabytes(UNPACKED_SIZE)}`,
    );
    await libtensorflow(machine.python, work, show);
  }
  say(`@tensorflow/tfjs-node ${TFJS_VERSION}: downloading 1 MB`);
  await nodeBackendFiles(machine.python, work);
  say(`compiling its addon with ${compiler}`);
  await compileAddon(machine.python, compiler, work);
  await requireLoading(join(work, ADDON));

  const sizes = KEPT.map((path) => [path, statSync(join(work, path)).size]);
  writeFileSync(join(work, MANIFEST), JSON.stringify(Object.fromEntries(sizes)));
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
}

/** In a process of its own, for a library that does not fit ends the process. */
async function requireLoading(addon: string): Promise<void> {
  const version = await runProgram(process.execPath, ['--print', `require(${JSON.stringify(addon)}).TF_Version`]).catch(
    (error: unknown) => {
      rmSync(addon);
      throw new Error(`the addon was built and does not load: ${(error as Error).message}`, { cause: error });
    },
  );
  if (version !== TENSORFLOW_VERSION)
    throw new Error(`the addon loads TensorFlow ${version} instead of ${TENSORFLOW_VERSION}`);
}
