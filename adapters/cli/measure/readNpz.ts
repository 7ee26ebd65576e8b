import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { asked } from './asked.js';
import { type NpyArray, npy } from './npy.js';

/**
 * The arrays of an .npz, by name, as `numpy.savez` and `numpy.savez_compressed` write it.
 *
 * @throws Error if the file is missing, is no .npz, is damaged, or holds something else than arrays of numbers.
 */
export function readNpz(path: string): ReadonlyMap<string, NpyArray> {
  const bytes = asked('--data', path, (file) => readFileSync(file));
  return new Map(
    Object.entries(unzipped(path, bytes))
      .filter(([file]) => file.endsWith('.npy'))
      .map(([file, content]) => [file.slice(0, -4), npy(`--data ${path}: ${file.slice(0, -4)}`, content)]),
  );
}

function unzipped(path: string, bytes: Uint8Array): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`--data ${path} is no .npz, or is damaged (${why}); make it with numpy.savez('${path}', x=x, y=y)`);
  }
}
