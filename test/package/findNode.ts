import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/**
 * Where a Node of that major version is: this one, or one from the npm package `node`, which npm keeps in its cache. In CI its
 * absence is an error, elsewhere a reason to skip.
 */
export function findNode(major: number): string | undefined {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const asked = ['exec', '--yes', '--prefer-offline', '--package', `node@${major}`];
  try {
    // Outside the repository, where npm would take the project's own packages into account.
    const options = { cwd: tmpdir(), encoding: 'utf8', stdio: 'pipe', timeout: 180_000 } as const;
    return execFileSync('npm', [...asked, '--call', 'node -p process.execPath'], options).trim();
  } catch (error) {
    const reason = `Node ${major} cannot be had from npm (${(error as Error).message.split('\n')[0]})`;
    if (process.env.CI) throw new Error(`the tests of the package need it: ${reason}`);
    console.log(`The tests of the package on Node ${major} are skipped: ${reason}.`);
    return undefined;
  }
}
