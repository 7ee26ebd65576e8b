import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, expect, test } from 'vitest';

/** Beside the packages that the bundle imports. */
const outDir = join(import.meta.dirname, `.named-${process.pid}`);

afterAll(() => rm(outDir, { recursive: true, force: true }));

/** Names of functions tell the parts of a state; a bundler that shortens them must not make sam look like l2. */
test('interventions keep their names in a program that is bundled and minified', async () => {
  const entry = join(import.meta.dirname, '../../src/index.ts');
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      lib: { entry, formats: ['es'], fileName: () => 'bundle.mjs' },
      rolldownOptions: { external: [/^@tensorflow/, /^rxjs/] },
      minify: true,
      outDir,
    },
  });
  const { sam, l1, l2, compose, weightNoise } = await import(join(outDir, 'bundle.mjs'));
  const parts = compose(sam(), compose(l1(1), l2(1)), weightNoise())(() => ({})).state();
  expect(parts.map(({ name }: { name: string }) => name)).toEqual(['sam', 'compose', 'weightNoise']);
  expect(parts[1].state.map(({ name }: { name: string }) => name)).toEqual(['penalty l1', 'penalty l2']);
}, 120_000);
