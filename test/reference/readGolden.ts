import { readFileSync } from 'node:fs';

export interface Values {
  readonly shape: number[];
  /** Row by row. */
  readonly values: number[];
}

/** Reads a file of test/golden. */
export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
}
