import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What the files of a folder may import: folders of the house, and packages. `*` stands for any package. */
const RULES: readonly [folder: string, mayImport: readonly string[]][] = [
  ['src/core', ['src/core', '@tensorflow/tfjs-core', 'rxjs']],
  ['src/linalg', ['src/linalg', '@tensorflow/tfjs-core']],
  ['src/curvature', ['src/core', 'src/linalg', 'src/curvature', '@tensorflow/tfjs-core']],
  ['src/activations', ['src/core', 'src/activations', '@tensorflow/tfjs-core']],
  [
    'src/interventions',
    ['src/core', 'src/curvature', 'src/activations', 'src/interventions', '@tensorflow/tfjs-core', 'rxjs'],
  ],
  [
    'src/metrics',
    ['src/core', 'src/linalg', 'src/curvature', 'src/activations', 'src/metrics', '@tensorflow/tfjs-core', 'rxjs'],
  ],
  ['src/alerts', ['src/core', 'src/alerts', 'rxjs']],
  ['src/index.ts', ['src']],
  ['adapters/tfjs', ['src', 'adapters/tfjs', '@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', 'rxjs']],
  ['adapters/backends', ['src', 'adapters/backends', '@tensorflow', 'node:']],
  ['adapters/exporters', ['src', 'proto', 'adapters/exporters', '@opentelemetry/api', 'node:']],
  ['adapters/hub', ['src', 'proto', 'adapters/hub', 'adapters/exporters', 'node:', 'ws', 'sirv']],
  ['adapters/cli', ['*']],
  ['adapters/node.ts', ['src', 'adapters']],
  ['adapters/browser.ts', ['adapters']],
  ['dashboard', ['proto', 'dashboard', 'rxjs', 'svelte', 'uplot', 'vite', '@sveltejs/vite-plugin-svelte', 'node:']],
  ['proto', ['proto', 'protobufjs', 'long', 'node:', 'child_process']],
];

/** The source files under a folder of the house, generated ones left out. */
const sourcesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => /\.(ts|svelte|mjs)$/.test(file) && !file.includes('.gen.'));

const files = RULES.flatMap(([place]) => (place.endsWith('.ts') ? [place] : sourcesUnder(place)));

/** The modules a file imports or re-exports, types included: files of the house by path, packages by name. */
function importsOf(file: string): string[] {
  const source = readFileSync(join(root, file), 'utf8');
  const found = source.matchAll(
    /^\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm,
  );
  return [...found].map(([, fixed, dynamic]) => {
    const specifier = (fixed ?? dynamic)!;
    return specifier.startsWith('.') ? relative(root, join(root, dirname(file), specifier)) : specifier;
  });
}

const within = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);
const allows = (allowed: string, module: string): boolean =>
  allowed === '*' || within(allowed, module) || (allowed.endsWith(':') && module.startsWith(allowed));

test.each(files)('%s imports only what lies below it', (file) => {
  const rule = RULES.find(([folder]) => within(folder, file))!;
  const wrong = importsOf(file).filter((module) => !rule[1].some((allowed) => allows(allowed, module)));
  expect(wrong).toEqual([]);
});

/** The rooms of src/curvature on which all else there stands, and what each knows of the others. */
const ROOMS: readonly [room: string, below: readonly string[]][] = [
  ['derivatives', []],
  ['tape', ['derivatives']],
  ['linearize', ['tape']],
  ['spectrum', []],
];

test.each(ROOMS)('src/curvature/%s knows only what lies below it', (room, below) => {
  const known = [room, ...below].map((name) => `src/curvature/${name}`);
  const inside = sourcesUnder(`src/curvature/${room}`)
    .flatMap(importsOf)
    .filter((module) => within('src/curvature', module));
  expect(inside.length).toBeGreaterThan(0);
  expect(inside.filter((module) => !known.some((name) => within(name, module)))).toEqual([]);
});

test('the rule sees imports in every form it must refuse', () => {
  expect(importsOf('test/dependencies.test.ts')).toContain('vitest');
  expect(importsOf('adapters/tfjs/instrumentModel.ts')).toContain('src/core/run.js');
  expect(files.length).toBeGreaterThan(50);
});

test('src reaches neither the network nor a file nor a clock of its own', () => {
  const forbidden = /\b(fetch|WebSocket|XMLHttpRequest|process|setTimeout|setInterval|Date\.now|performance)\b\s*[(.]/;
  const code = (file: string): string => readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  expect(sourcesUnder('src').filter((file) => forbidden.test(code(file)))).toEqual([]);
});
