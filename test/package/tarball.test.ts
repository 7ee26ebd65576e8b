import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders } from './emptyFolder.js';
import { bundled, installed, licencePage } from './licences.js';
import { pack, unpack } from './pack.js';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Licences that ask for no more than their text and the author's name. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

let tarball: string;
let folder: string;
let files: string[];
beforeAll(() => {
  tarball = pack();
  folder = unpack(tarball);
  files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => statSync(join(folder, f)).isFile());
}, 180_000);
afterAll(removeFolders, 60_000);

const read = (file: string): string => readFileSync(join(folder, file), 'utf8');

/** Runs a tool of this repository on the tarball; what it prints if it is not content. */
const verdict = (tool: string, ...args: string[]): Promise<string> =>
  promisify(execFile)(process.execPath, [join(root, 'node_modules', tool), ...args]).then(
    () => '',
    ({ stdout, stderr }) => `${stdout}${stderr}`,
  );

test('publint has nothing to say', async () => {
  expect(await verdict('publint/src/cli.js', 'run', tarball, '--strict')).toBe('');
});

test('the types are right for every way to import them', async () => {
  expect(await verdict('@arethetypeswrong/cli/dist/index.js', tarball, '--profile', 'esm-only', '--no-color')).toBe('');
});

test('it holds the library, its sources, the page and what a reader needs; no test and no tool', () => {
  const folders = new Set(
    files.map((file) =>
      file
        .split('/')
        .slice(0, file.startsWith('dist/') ? 2 : 1)
        .join('/'),
    ),
  );
  expect([...folders].sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'adapters',
    'dist/adapters',
    'dist/dashboard',
    'dist/proto',
    'dist/src',
    'docs',
    'package.json',
    'proto',
    'src',
  ]);
  expect(files.filter((file) => /\.(test|spec)\.|tsconfig|\.tsbuildinfo$|\.mjs$/.test(file))).toEqual([]);
  expect(files).toContain('dist/adapters/hub/worker.js');
  expect(files).toContain('dist/dashboard/index.html');
});

test('it weighs less than 1.15 megabytes, a seventh of it the digits of the demo', () => {
  expect(statSync(tarball).size).toBeLessThan(1_150_000);
});

test('every map leads to a source that is there', () => {
  const maps = files.filter((file) => file.endsWith('.map'));
  expect(maps.length).toBeGreaterThan(100);
  const lost = maps.flatMap((map) => {
    const { sources, sourceRoot = '' } = JSON.parse(read(map)) as { sources: string[]; sourceRoot?: string };
    return sources
      .map((source) => join(dirname(map), sourceRoot, source))
      .filter((source) => !existsSync(join(folder, source)))
      .map((source) => `${map} -> ${source}`);
  });
  expect(lost).toEqual([]);
  const unmapped = files.filter((file) => {
    const map = /\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(/\.(js|d\.ts)$/.test(file) ? read(file) : '')?.[1];
    return map !== undefined && !existsSync(join(folder, dirname(file), map));
  });
  expect(unmapped).toEqual([]);
});

test('everything compiled has its source, so nothing of an older build is left', () => {
  const compiled = files.filter((file) => /^dist\/(src|adapters|proto)\/.*\.js$/.test(file));
  const sources = (file: string): string[] => [file.slice(5), file.slice(5).replace(/js$/, 'ts')];
  expect(compiled.filter((file) => !sources(file).some((source) => files.includes(source)))).toEqual([]);
});

test('relative links of the README lead to files of the package', () => {
  const links = [...read('README.md').matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)].map(([, path]) => path!);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((path) => !files.includes(path))).toEqual([]);
});

test('a user installs nothing by running our scripts', () => {
  const { scripts } = JSON.parse(read('package.json'));
  for (const name of ['preinstall', 'install', 'postinstall']) expect(scripts[name], name).toBeUndefined();
});

test('the modules that do something when they load are declared, and no module imports another for that alone', () => {
  for (const file of manifest.sideEffects) expect(files).toContain(file.replace('./', ''));
  const modules = files.filter((file) => /^dist\/(src|adapters|proto)\/.*\.js$/.test(file));
  expect(modules.filter((file) => /^import ['"]/m.test(read(file)))).toEqual([]);
});

test('the entries are documented under the names they are imported by', () => {
  const { entryPoints } = JSON.parse(readFileSync(join(root, 'typedoc.json'), 'utf8')) as { entryPoints: string[] };
  const modules = entryPoints.map((file) => {
    const name = /@module (\S+)/.exec(readFileSync(join(root, file), 'utf8'))?.[1];
    return [name, `./dist/${file.replace(/\.ts$/, '.js')}`];
  });
  const entries = Object.entries(manifest.exports as Record<string, { default: string }>)
    .filter(([name]) => name !== './package.json')
    .map(([name, { default: file }]) => [name.replace('.', 'sharpstream'), file]);
  expect(modules.sort()).toEqual(entries.sort());
});

test('docs/licences.md lists what a user gets', async () => {
  const [library, page] = [installed(), bundled(read('dist/dashboard/licences.md'))];
  expect(library.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
  expect(page.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['long', 'protobufjs', 'rxjs', 'svelte', 'uplot']),
  );
  for (const { name, licence } of [...library, ...page]) expect(PERMISSIVE, `${name}: ${licence}`).toContain(licence);
  await expect(licencePage(library, page)).toMatchFileSnapshot(join(root, 'docs/licences.md'));
});

test('the changelog tells of this version, or of what is to come', () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!);
  expect(headings[0]).toMatch(/^(Unreleased|\[?\d+\.\d+\.\d+\]? - \d{4}-\d\d-\d\d)$/);
  for (const heading of headings.slice(1)) expect(heading).toMatch(/^\[?\d+\.\d+\.\d+\]? - \d{4}-\d\d-\d\d$/);
});
