import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that reaches a user's machine, and under which licence. */
export interface Licensed {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');
const lock: { packages: Record<string, Locked> } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));

/** What npm installs with sharpstream: its dependencies and theirs, as the lockfile has them. */
export function installed(): Licensed[] {
  const found = new Map<string, Licensed>();
  const follow = (from: string): void => {
    for (const name of Object.keys(lock.packages[from]!.dependencies ?? {})) {
      const place = resolved(name, from);
      if (found.has(place)) continue;
      const { version, license = 'none given' } = lock.packages[place]!;
      found.set(place, { name, version, licence: license });
      follow(place);
    }
  };
  follow('');
  return byName([...found.values()]);
}

/** Where a package of that name lies for another: beside it, or further up. */
function resolved(name: string, from: string): string {
  const own = `${from}/node_modules/${name}`.replace(/^\//, '');
  return own in lock.packages ? own : resolved(name, from.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, ''));
}

/** What is bundled into the page, from the licences that the bundler has collected. */
export const bundled = (licences: string): Licensed[] =>
  byName(
    [...licences.matchAll(/^## (\S+) - (\S+) \((.+)\)$/gm)].map(([, name, version, licence]) => ({
      name: name!,
      version: version!,
      licence: licence!,
    })),
  );

const byName = (list: Licensed[]): Licensed[] => list.sort((a, b) => (a.name < b.name ? -1 : 1));

/** The page `docs/licences.md`. */
export const licencePage = (library: readonly Licensed[], page: readonly Licensed[]): string => `# Licences

sharpstream is under Apache-2.0. The digits of the demo are the Optical Recognition of Handwritten Digits of E. Alpaydin and C. Kaynak (UCI, 1998), CC BY 4.0.

## Installed with it

${table(library)}

## Bundled into the live page

Their texts are in \`dist/dashboard/licences.md\` of the package.

${table(page)}
`;

const table = (list: readonly Licensed[]): string =>
  [
    '| package | version | licence |',
    '|---|---|---|',
    ...list.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
  ].join('\n');
