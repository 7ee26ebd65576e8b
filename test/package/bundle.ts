import { writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';

export interface Bundle {
  readonly code: string;
  /** Bytes, compressed. */
  readonly gzip: number;
  /** The modules it leaves for others to provide. */
  readonly imports: readonly string[];
}

/** Bundles a module of a project for browsers with Vite, peers left out as the pages that use them have them once. */
export async function bundle(folder: string, source: string): Promise<Bundle> {
  const entry = join(folder, 'entry.mjs');
  writeFileSync(entry, source);
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      lib: { entry, formats: ['es'] },
      rolldownOptions: { external: [/^@tensorflow\//, /^rxjs/, /^node:/, ...builtinModules] },
    },
  });
  const { output } = (built as Rolldown.RolldownOutput[])[0]!;
  const chunks = output.filter((part) => part.type === 'chunk');
  const code = chunks.map((chunk) => chunk.code).join('');
  return {
    code,
    gzip: gzipSync(code).length,
    imports: chunks.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]).sort(),
  };
}
