import { execFile, execFileSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { emptyFolder } from './emptyFolder.js';

const root = join(import.meta.dirname, '../..');
const lock: { packages: Record<string, { version: string }> } = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
);

/** What a user of every entry has. */
const BESIDE = [
  '@opentelemetry/api',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@types/node',
  'rxjs',
];

/** An empty project with the package in it: the user's side. */
export interface Project {
  readonly folder: string;
  /** Runs a program of the project, and gives what it prints. */
  run(file: string, ...args: string[]): Promise<string>;
}

/**
 * Installs the tarball as a user does, in an empty project, and other packages beside it in the versions this repository has locked.
 *
 * @throws Error if npm refuses: a peer that does not fit, or an engine that a dependency asks for and this Node is not.
 */
export function install(tarball: string, beside: readonly string[] = BESIDE): Project {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  const peers = beside.map((name) => `${name}@${lock.packages[`node_modules/${name}`]!.version}`);
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--engine-strict', '--silent'];
  execFileSync('npm', ['install', ...options, tarball, ...peers], { cwd: folder, stdio: 'pipe' });
  cpSync(join(import.meta.dirname, 'programs'), folder, { recursive: true });
  return {
    folder,
    run: (file, ...args) => promisify(execFile)(file, args, { cwd: folder }).then(({ stdout }) => stdout),
  };
}
