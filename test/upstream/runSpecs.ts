import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Whose specs, and what they run on. */
export type Specs =
  | 'tfjs-core on tensorflow'
  | 'tfjs-node on tensorflow'
  | 'tfjs-core on wasm'
  | 'tfjs-core on repaired wasm';

/** What became of a spec; several may have one name. Those that their authors have switched off are pending. */
export interface Outcome {
  readonly spec: string;
  readonly status: 'passed' | 'failed' | 'pending';
  /** Of what failed first. */
  readonly message: string;
}

/**
 * Runs the bundled specs in a process of their own, for jasmine's globals and those of vitest have the same names.
 *
 * @throws Error with the end of what it wrote if the process ends before the specs do.
 */
export async function runSpecs(program: string, specs: Specs): Promise<Outcome[]> {
  const child = fork(program, [specs], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let written = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (written += chunk));
  let outcomes: Outcome[] | undefined;
  child.on('message', (message) => (outcomes = message as Outcome[]));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (outcomes) return outcomes;
  throw new Error(`the specs of ${specs} ended with ${signal ?? code}:\n${written.slice(-2000)}`);
}
