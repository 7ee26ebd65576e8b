import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Examination } from '../../backends/examineBackend.js';

/** Why a backend could not be examined. */
export interface Problem {
  readonly problem: string;
  /** Whether something brings it; if not, nothing is wrong with it. */
  readonly installed: boolean;
}

/** What became of an examination. */
export type Outcome = { readonly examination: Examination } | Problem;

const PROGRAM = fileURLToPath(new URL('examination.js', import.meta.url));

/**
 * Examines a backend in a process of its own: one that crashes or hangs takes nothing with it. What the process prints is
 * left out.
 *
 * @param limit milliseconds that it is given
 */
export function examineApart(backend: string, limit = 60_000, program = PROGRAM): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = fork(program, [backend], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], timeout: limit });
    child.once('message', (outcome) => resolve(outcome as Outcome));
    const failed = (problem: string): void => resolve({ problem, installed: true });
    child.once('error', ({ message }) => failed(`its process does not start: ${message}`));
    child.once('exit', (code, signal) => failed(ended(code, signal, child.killed, limit)));
  });
}

function ended(code: number | null, signal: string | null, killed: boolean, limit: number): string {
  if (killed) return `does not answer within ${limit / 1000} s`;
  return signal ? `crashes: its process was ended by ${signal}` : `its process ended with code ${code}`;
}
