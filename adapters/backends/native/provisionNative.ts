import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ADDON, compileAddon } from './compileAddon.js';
import {
  type Machine,
  megabytes,
  refuseUnproven,
  requireCompiler,
  requirePython,
  requireSpace,
  thisMachine,
} from './machine.js';
import { isProvisioned, listedSizes, MANIFEST, nativeFolder } from './nativeFolder.js';
import { nodeBackendFiles } from './nodeBackendFiles.js';
import { runProgram } from './runProgram.js';
import { isTaken, takeWheel } from './takeWheel.js';
import { TENSORFLOW_VERSION, TFJS_VERSION } from './versions.js';
import { type Device, LIBRARIES, type Wheel, wheelsFor } from './wheels.js';

export interface ProvisionOptions {
  /** `gpu` brings CUDA along. Default `cpu`. */
  readonly device?: Device;
  readonly folder?: string;
  readonly machine?: Machine;
  /** Told of each step before it begins. */
  readonly say?: (what: string) => void;
  /** Lets pip draw its progress on the terminal. */
  readonly show?: boolean;
}

export interface Provision {
  readonly device: Device;
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
 * touched. 214 MB are downloaded and 665 kept; for a GPU, with CUDA and cuDNN, 2.2 GB and 3.8.
 *
 * What was begun is gone on with: the folder is built beside its place, each step leaves its result, and it takes its
 * place when the addon has loaded. A second call only looks.
 *
 * @throws Error on a machine that cannot: not x86-64 Linux with glibc, no Python with pip, no C++ compiler, no npm, too
 * little room; if a checksum is wrong; or with what a step said. Each names the remedy.
 */
export async function provisionNative({
  device = 'cpu',
  folder = nativeFolder(device),
  machine = thisMachine(),
  say = () => {},
  show = false,
}: ProvisionOptions = {}): Promise<Provision> {
  const already = isProvisioned(folder);
  if (!already) await build(device, folder, machine, say, show);
  const bytes = Object.values(listedSizes(folder)!).reduce((sum, size) => sum + size, 0);
  return { device, folder, version: TENSORFLOW_VERSION, bytes, already };
}

/** Takes the native backend in a folder away again, finished or not; true if there was something. */
export function removeNative(folder: string): boolean {
  const parts = [folder, partial(folder)].filter((path) => existsSync(path));
  for (const path of parts) rmSync(path, { recursive: true });
  return parts.length > 0;
}

const partial = (folder: string): string => `${folder}.partial`;

async function build(
  device: Device,
  folder: string,
  machine: Machine,
  say: (what: string) => void,
  show: boolean,
): Promise<void> {
  refuseUnproven(machine);
  const compiler = await requireCompiler(machine.compilers);
  await requirePython(machine.python);
  const work = partial(folder);
  mkdirSync(work, { recursive: true });

  const wheels = wheelsFor(device).filter((wheel) => !isTaken(wheel, work));
  requireSpace(machine, work, roomFor(wheels));
  for (const wheel of wheels) {
    const { name, version, size, unpacked } = wheel;
    say(`${name} ${version}: downloading ${megabytes(size)}, unpacking ${megabytes(unpacked)}`);
    await takeWheel(machine.python, wheel, work, show);
  }
  say(`@tensorflow/tfjs-node ${TFJS_VERSION}: downloading 1 MB`);
  await nodeBackendFiles(machine.python, work);
  say(`compiling its addon with ${compiler}`);
  await compileAddon(machine.python, compiler, work);
  const usesGpu = await requireLoading(join(work, ADDON));
  if (device === 'gpu') say(usesGpu ? 'TensorFlow computes on the GPU' : NO_GPU);

  const sizes = kept(work).map((path) => [path, statSync(join(work, path)).size]);
  writeFileSync(join(work, MANIFEST), JSON.stringify(Object.fromEntries(sizes)));
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(work, folder);
}

const NO_GPU = 'TensorFlow finds no NVIDIA GPU with a driver for CUDA 12, and computes on the processor until it does';

/** In bytes: wheels are unpacked one after the other, and each is deleted then. */
const roomFor = (wheels: readonly Wheel[]): number =>
  wheels.reduce((sum, { unpacked }) => sum + unpacked, 0) + Math.max(0, ...wheels.map(({ size }) => size));

/** The files without which the backend does not run. */
function kept(work: string): string[] {
  const cuda = join(work, 'nvidia');
  const found = existsSync(cuda) ? readdirSync(cuda, { recursive: true, withFileTypes: true }) : [];
  const libraries = found.filter((entry) => entry.isFile() && entry.name.includes('.so'));
  return [
    ADDON,
    ...LIBRARIES.map((name) => `lib/${name}`),
    'tfjs-node/dist/nodejs_kernel_backend.js',
    ...libraries.map((entry) => relative(work, join(entry.parentPath, entry.name))),
  ];
}

/** In a process of its own, for a library that does not fit ends the process. Says whether it found a GPU. */
async function requireLoading(addon: string): Promise<boolean> {
  const program = `const { TF_Version, isUsingGpuDevice } = require(${JSON.stringify(addon)});
    console.log(JSON.stringify([TF_Version, isUsingGpuDevice()]))`;
  const env = { TF_CPP_MIN_LOG_LEVEL: '2' };
  const loaded = await runProgram(process.execPath, ['--eval', program], { env }).catch((error: unknown) => {
    rmSync(addon);
    throw new Error(`the addon was built and does not load: ${(error as Error).message}`, { cause: error });
  });
  const [version, usesGpu] = JSON.parse(loaded) as [string, boolean];
  if (version !== TENSORFLOW_VERSION)
    throw new Error(`the addon loads TensorFlow ${version} instead of ${TENSORFLOW_VERSION}`);
  return usesGpu;
}
