import { existsSync, statfsSync } from 'node:fs';
import { isNoProgram, runProgram } from './runProgram.js';

/** What provisioning asks of the machine it runs on; tests give others. */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  /** The C library, by its version; none on Alpine and the like. */
  readonly glibc: string | undefined;
  readonly python: string;
  /** In the order they are tried. */
  readonly compilers: readonly string[];
  /** Bytes left where a folder is. */
  free(folder: string): number;
}

export function thisMachine(env: NodeJS.ProcessEnv = process.env): Machine {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return {
    platform: process.platform,
    arch: process.arch,
    glibc: header.glibcVersionRuntime,
    python: env.PYTHON || 'python3',
    compilers: env.CXX ? [env.CXX] : ['g++', 'clang++', 'c++'],
    free(folder) {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    },
  };
}

/** @throws Error if the native backend cannot run here, or was never seen to. */
export function refuseUnproven({ platform, arch, glibc }: Machine): void {
  const instead = 'npm install @tensorflow/tfjs-node may work there, and wasm does';
  if (platform !== 'linux' || arch !== 'x64')
    throw new Error(`the native backend is proven on linux x64 only, and this is ${platform} ${arch}; ${instead}`);
  if (!glibc) throw new Error(`TensorFlow's libraries need glibc, and this system has another C library; ${instead}`);
}

/** @throws Error if there is no Python with pip, saying what to install. */
export async function requirePython(python: string): Promise<string> {
  try {
    return await runProgram(python, ['-m', 'pip', '--version']);
  } catch (error) {
    const remedy = 'apt-get install python3 python3-pip, or set PYTHON to one that has pip';
    const problem = isNoProgram(error) ? `no Python: ${python} was not found` : `${python} has no pip`;
    throw new Error(`${problem}; ${remedy}`, { cause: error });
  }
}

/** The first compiler that is there. @throws Error if none is, saying what to install. */
export async function requireCompiler(compilers: readonly string[]): Promise<string> {
  for (const compiler of compilers) {
    try {
      await runProgram(compiler, ['--version']);
      return compiler;
    } catch (error) {
      if (!isNoProgram(error)) throw error;
    }
  }
  throw new Error(`no C++ compiler: ${compilers.join(', ')} not found; apt-get install g++, or set CXX to one`);
}

/** @throws Error if less than `bytes` are free where `folder` is. */
export function requireSpace(machine: Machine, folder: string, bytes: number): void {
  const free = machine.free(folder);
  if (free >= bytes) return;
  throw new Error(
    `${megabytes(bytes)} are needed in ${folder}, and ${megabytes(free)} are free; make room, or set XDG_CACHE_HOME`,
  );
}

/** Whether Linux runs a driver for an NVIDIA GPU. */
export const hasNvidiaDriver = (): boolean => existsSync('/proc/driver/nvidia/version');

export const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
