import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The compilers a user may have: the package in node_modules, by release. */
export const COMPILERS = { 6: 'typescript', 7: '@typescript/native' } as const;

/** How a user's compiler finds modules; with `bundler` goes the module format of bundlers. */
export type Resolution = 'node16' | 'nodenext' | 'bundler';

/**
 * Type-checks programs of a project as strictly as can be, declarations of packages included, and gives what is wrong in the programs or in the
 * declarations of sharpstream.
 *
 * Those of tfjs 4.22 do not agree with TypeScript's own of the browser: what is wrong in others' is left out.
 */
export async function compile(
  folder: string,
  files: readonly string[],
  { compiler = 7, resolution, types = [] }: { compiler?: 6 | 7; resolution: Resolution; types?: string[] },
): Promise<string[]> {
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types,
    module: resolution === 'bundler' ? 'esnext' : resolution,
    moduleResolution: resolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const config = join(folder, `tsconfig.${compiler}.${resolution}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  const tsc = join(import.meta.dirname, '../../node_modules', COMPILERS[compiler], 'bin/tsc');
  const printed = await new Promise<string>((resolve) => {
    execFile(
      process.execPath,
      [tsc, '-p', config, '--pretty', 'false'],
      { cwd: folder, maxBuffer: 1 << 26 },
      (_, stdout) => resolve(stdout),
    );
  });
  const ours = (line: string): boolean =>
    /error TS\d+/.test(line) && !/^(\.\.\/|node_modules\/(?!sharpstream\/))/.test(line);
  return printed.split('\n').filter(ours);
}
