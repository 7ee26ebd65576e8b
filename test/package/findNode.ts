import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';

/**
 * Where the newest Node of a version such as 20.19 or 24 is: the npm package `node` brings it, and npm keeps it in its cache. In CI its
 * absence is an error, elsewhere a reason to skip.
 */
export function findNode(version: string): string | undefined {
  const asked = ['exec', '--yes', '--prefer-offline', '--package', `node@${version}`];
  try {
    // Outside the repository, where npm would take the project's own packages into account.
    const options = { cwd: tmpdir(), encoding: 'utf8', stdio: 'pipe', timeout: 180_000 } as const;
    return execFileSync('npm', [...asked, '--call', 'node -p process.execPath'], options).trim();
  } catch (error) {
    const reason = `Node ${version} cannot be had from npm (${(error as Error).message.split('\n')[0]})`;
    if (process.env.CI) throw new Error(`the tests of the package need it: ${reason}`);
    console.log(`The tests of the package on Node ${version} are skipped: ${reason}.`);
    return undefined;
  }
}
