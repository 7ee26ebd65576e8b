import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Lets it write to the terminal, on stderr, instead of being collected. */
  readonly show?: boolean;
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to stdout, trimmed.
 * @throws Error with the end of what it wrote if it fails; with code ENOENT if there is no such program.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, show = false }: ProgramOptions = {},
): Promise<string> {
  const child = spawn(program, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', show ? 2 : 'pipe', show ? 2 : 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => (written.stdout += chunk));
  child.stderr?.on('data', (chunk: Buffer) => (written.stderr += chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return written.stdout.trim();
  const said = `${written.stdout}\n${written.stderr}`.trim().split('\n').slice(-TAIL).join('\n');
  throw new Error(`${program} ${args[0] ?? ''} ended with ${signal ?? code}${said && `:\n${said}`}`);
}

const TAIL = 12;

/** Whether an error means that there is no such program. */
export const isNoProgram = (error: unknown): boolean => (error as { code?: string }).code === 'ENOENT';
