/**
 * Carries out every study over three sets of seeds, and writes docs/studies.json and docs/studies.md.
 *
 *     npm run studies                 all
 *     npm run studies -- NAME ...     these; what others have shown stays
 *     npm run studies -- --page       none: only the page, from the numbers that are there
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../../../', import.meta.url);
const { studies } = await import(new URL('dist/adapters/cli/study/studies.js', root).href);
const { studiesPage } = await import(new URL('dist/adapters/cli/study/studiesPage.js', root).href);

const FIRST_SEEDS = [0, 100, 200];
const numbers = new URL('docs/studies.json', root);

for (const name of asked(process.argv.slice(2))) {
  const record = {
    date: new Date().toISOString().slice(0, 10),
    results: FIRST_SEEDS.map((first) => carriedOut(name, first)),
  };
  // Read only now: another study may have been written meanwhile.
  const kept = known().filter((other) => nameOf(other) !== name);
  const inOrder = studies.flatMap((study) => [...kept, record].filter((other) => nameOf(other) === study.name));
  writeFileSync(numbers, `${JSON.stringify(inOrder, undefined, 1)}\n`);
}
writeFileSync(new URL('docs/studies.md', root), studiesPage(studies, known()));

function asked(args) {
  const names = studies.map(({ name }) => name);
  if (args.includes('--page')) return [];
  const unknown = args.find((name) => !names.includes(name));
  if (unknown) throw new Error(`there is no study '${unknown}'; there are ${names.join(', ')}`);
  return args.length > 0 ? args : names;
}

function known() {
  return JSON.parse(readFileSync(numbers, 'utf8'));
}

function nameOf({ results }) {
  return results[0].study;
}

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
