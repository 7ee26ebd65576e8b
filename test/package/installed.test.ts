import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { bundle } from './bundle.js';
import { compile } from './compile.js';
import { removeFolders } from './emptyFolder.js';
import { findNode } from './findNode.js';
import { install, type Project } from './install.js';
import { pack } from './pack.js';

const ENTRIES = [
  'sharpstream',
  ...['curvature', 'tfjs', 'browser', 'node', 'opentelemetry'].map((name) => `sharpstream/${name}`),
];

// The demo and the compilers take seconds, and tens of seconds where other tests keep the processors busy.
vi.setConfig({ testTimeout: 180_000 });

let tarball: string;
let project: Project;
beforeAll(() => {
  tarball = pack();
  project = install(tarball);
}, 180_000);
afterAll(removeFolders, 60_000);

test('the entries are those of package.json', () => {
  const { exports } = JSON.parse(readFileSync(join(project.folder, 'node_modules/sharpstream/package.json'), 'utf8'));
  const entries = Object.keys(exports).filter((name) => name !== './package.json');
  expect(entries.map((name) => name.replace('.', 'sharpstream')).sort()).toEqual([...ENTRIES].sort());
});

test('installing runs no script and compiles nothing: the package brings neither a build nor what builds it', () => {
  const lock = JSON.parse(readFileSync(join(project.folder, 'package-lock.json'), 'utf8'));
  const scripted = Object.entries(lock.packages as Record<string, { hasInstallScript?: boolean }>)
    .filter(([, { hasInstallScript }]) => hasInstallScript)
    .map(([name]) => name);
  expect(scripted).toEqual([]);
  expect(readdirSync(join(project.folder, 'node_modules'))).not.toContain('vite');
});

// The oldest that package.json admits, and the two that came after.
describe.each(['20.19', '22', '24'])('on Node %s', (version) => {
  const node = findNode(version);
  const run = async (...args: string[]) =>
    JSON.parse((await project.run(node!, ...args)).trimEnd().split('\n').at(-1)!);

  test.skipIf(!node)('a training run with every probe is measured, and watched by a viewer of the page', async () => {
    expect(await run('train.mjs')).toEqual({
      node: expect.stringMatching(new RegExp(`^v${version.replace('.', '\\.')}\\.`)),
      failures: [],
      unmeasured: [],
      finite: true,
      page: 200,
      script: 200,
      framed: true,
    });
  });

  test.skipIf(!node)('CommonJS can require every entry', async () => {
    expect(await run('require.cjs')).toEqual({
      w: [0.9, -1.8],
      functions: ['function', 'function', 'function'],
      newGlobals: [],
    });
  });

  test.skipIf(!node)('importing every entry leaves the globals of tfjs and of the language as they were', async () => {
    const { names, before, after } = await run('import.mjs', ...ENTRIES);
    for (const entry of ENTRIES) expect(names[entry], entry).toBeGreaterThan(0);
    expect(after).toEqual(before);
  });

  test.skipIf(!node)('the command trains the demo', async () => {
    const main = join('node_modules', 'sharpstream', 'dist/adapters/cli/main.js');
    const result = await run(main, 'demo', '--steps', '2', '--json', '--no-dashboard');
    expect(result).toMatchObject({ backend: 'wasm', steps: 2 });
  });
});

test('npx finds the command', async () => {
  expect(await project.run('npx', '--no-install', 'sharpstream', '--help')).toContain('demo');
});

test('with no package beside it, the command helps, and says what training needs', async () => {
  const bare = install(tarball, []);
  expect(await bare.run('npx', '--no-install', 'sharpstream', '--help')).toContain('demo');
  await expect(bare.run('npx', '--no-install', 'sharpstream', 'demo')).rejects.toMatchObject({
    code: 1,
    stderr: 'sharpstream: this command needs @tensorflow/tfjs-layers; npm install @tensorflow/tfjs-layers\n',
  });
});

describe.each(['node16', 'bundler'] as const)('with moduleResolution %s', (resolution) => {
  test.each([6, 7] as const)('a program for browsers type-checks under TypeScript %i', async (compiler) => {
    expect(await compile(project.folder, ['browser.ts'], { compiler, resolution })).toEqual([]);
  });

  test('a program for Node type-checks', async () => {
    expect(await compile(project.folder, ['node.ts'], { resolution, types: ['node'] })).toEqual([]);
  });
});

test('CommonJS type-checks with nodenext, which knows that Node can require a module', async () => {
  expect(await compile(project.folder, ['commonJs.cts'], { resolution: 'nodenext' })).toEqual([]);
});

test('the compiler would tell of a wrong type', async () => {
  const [first, ...more] = await compile(project.folder, ['wrong.ts'], { resolution: 'node16' });
  expect(first).toMatch(/^wrong\.ts\(3,14\): error TS2322: /);
  expect(more).toEqual([]);
});

describe('in a bundle for browsers', () => {
  const everything = "export * from 'sharpstream'; export * from 'sharpstream/tfjs';";

  test('the library and its loops need tfjs-core and rxjs, and nothing of Node', async () => {
    const { code, imports } = await bundle(project.folder, `${everything} export * from 'sharpstream/curvature';`);
    expect(imports).toEqual(['@tensorflow/tfjs-core', 'rxjs']);
    expect(code).not.toMatch(/['"]node:|\brequire\(|\bprocess\.|\bBuffer\b/);
  });

  test('so does the entry for browsers, whose protobufjs looks for a Node by itself', async () => {
    const { code, imports } = await bundle(project.folder, "export * from 'sharpstream/browser';");
    expect(imports).toEqual(['@tensorflow/tfjs-core', 'rxjs']);
    expect(code).not.toMatch(/['"]node:|\brequire\(|browser-external/);
  });

  test('all of it weighs at most 66 kB', async () => {
    const { gzip } = await bundle(project.folder, everything);
    console.log(`sharpstream and sharpstream/tfjs, peers left out: ${gzip} bytes compressed`);
    expect(gzip).toBeLessThan(66_000);
  });

  test('a page pays for what it imports: SAM around a loop and the trial of its gradients, at most 19 kB', async () => {
    const source = "export { sam } from 'sharpstream'; export { instrument } from 'sharpstream/tfjs';";
    const { gzip } = await bundle(project.folder, source);
    console.log(`sam and instrument, peers left out: ${gzip} bytes compressed`);
    expect(gzip).toBeLessThan(19_000);
    expect((await bundle(project.folder, "import 'sharpstream'; import 'sharpstream/tfjs';")).code.trim()).toBe('');
  });

  test('streaming to a hub weighs 20 kB more, most of it protobufjs, and mending wasm 8 kB', async () => {
    const weigh = async (name: string) =>
      (await bundle(project.folder, `export { ${name} } from 'sharpstream/browser';`)).gzip;
    const [streaming, mending] = [await weigh('remoteDashboard'), await weigh('repairWasm')];
    console.log(`remoteDashboard: ${streaming}, repairWasm: ${mending} bytes compressed`);
    expect(streaming).toBeLessThan(20_000);
    expect(mending).toBeLessThan(8_000);
  });
});
