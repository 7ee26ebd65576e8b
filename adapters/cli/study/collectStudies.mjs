/**
 * Carries out every study over three sets of seeds, and writes docs/studies.json and docs/studies.md. With `--page` only the
 * page, from the numbers that are there.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);
const { studies } = await import(new URL('dist/adapters/cli/study/studies.js', root).href);
const { studiesPage } = await import(new URL('dist/adapters/cli/study/studiesPage.js', root).href);

const FIRST_SEEDS = [0, 100, 200];
const numbers = new URL('docs/studies.json', root);

if (!process.argv.includes('--page')) {
  const records = studies.map(({ name }) => ({
    date: new Date().toISOString().slice(0, 10),
    results: FIRST_SEEDS.map((first) => carriedOut(name, first)),
  }));
  writeFileSync(numbers, `${JSON.stringify(records, undefined, 1)}\n`);
}
writeFileSync(new URL('docs/studies.md', root), studiesPage(studies, JSON.parse(readFileSync(numbers, 'utf8'))));

/** A study that does not meet its criteria exits with 1, and its numbers are wanted all the same. */
function carriedOut(name, first) {
  console.log(`${name}, seeds from ${first}`);
  const main = new URL('dist/adapters/cli/main.js', root).pathname;
  const args = [main, 'study', name, '--first-seed', String(first), '--no-dashboard', '--json'];
  const stdout = (() => {
    try {
      return execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    } catch (error) {
      if (!error.stdout) throw error;
      return error.stdout;
    }
  })();
  return JSON.parse(stdout.trimEnd().split('\n').at(-1));
}
