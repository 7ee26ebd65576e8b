import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';

const EXECUTABLES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where Chromium is: in CHROMIUM, or where systems put it. In CI its absence is an error, elsewhere a reason to skip. */
export function findChromium(): string | undefined {
  const found = [process.env.CHROMIUM, ...EXECUTABLES].find((path) => path && existsSync(path));
  if (found) return found;
  const remedy = 'install it, or say where it is in the environment variable CHROMIUM';
  if (process.env.CI) throw new Error(`the tests of the page need Chromium: ${remedy}`);
  console.log(`The tests of the page are skipped, for Chromium is missing: ${remedy}.`);
  return undefined;
}

export const launch = (executablePath: string, more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...more,
    ],
  });

/** Builds the page into a folder of its own, out of the way of other builds, and says which. */
export function buildPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sharpstream-page-'));
  execFileSync('npm', ['run', 'build:page', '--', '--outDir', folder, '--emptyOutDir'], { stdio: 'inherit' });
  return folder;
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe has to say against the page as it is: the rule and the element of each violation. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => id + ' at ' + node.target.join(' ') + ': ' + node.failureSummary)))`);
}
