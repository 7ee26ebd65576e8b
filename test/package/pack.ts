import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder } from './emptyFolder.js';

const root = join(import.meta.dirname, '../..');

/** What the repository holds besides the sources: installed, built or kept by tools. */
const NOT_SOURCES = new Set(['node_modules', 'dist', '.git', 'test', 'coverage']);

/**
 * Packs as a release does, `prepack` and `prepare` included, and gives the path of the tarball.
 *
 * It works on a copy of the sources: what an older build left behind cannot get in, and tests that run what is built here are not
 * disturbed.
 */
export function pack(): string {
  const copy = emptyFolder();
  for (const name of readdirSync(root).filter((name) => !NOT_SOURCES.has(name)))
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const folder = emptyFolder();
  // Of the environment of a test the page would be built for debugging.
  const { NODE_ENV: _, ...env } = process.env;
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: copy, stdio: 'pipe', env });
  return join(folder, readdirSync(folder)[0]!);
}

/** Unpacks a tarball and gives the folder of the package. */
export function unpack(tarball: string): string {
  const folder = emptyFolder();
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  return join(folder, 'package');
}
